"""The catalogue: procedures and their versions, and what one case costs, takes and needs.

It owns procedures, versions, each agency's word on online filing and its tariffs. Its words: version (a procedure as published
once), offering (an agency takes it online or not), matter (one case), outcome (papers, fees, time), checklist (the questions
an outcome turns on). Below it: agencies (calendar, communes), history, forms. Above: dossiers file under a version.
"""
