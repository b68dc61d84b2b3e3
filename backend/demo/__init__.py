"""The demo office: an invented province with three communes, its people, and dossiers at every stage."""
