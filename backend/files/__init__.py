"""Files people and officers hand in: checked, kept, shown as pictures, handed out inert.

Owns the rows of files and previews, and every object in the store. Words: *rule* (what a paper accepts), *owner*
(what a file belongs to: a subject and a slot of it), *picture* (one page, drawn). Who may open a file is asked of
the room that owns the subject: it finds the file through the person asking and then calls `serving`.
"""
