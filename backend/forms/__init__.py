"""A form: its definition becomes HTML, what is posted becomes answers, answers are checked and shown again as words.

Words: definition (sections, fields, checks), path (`mother.person.birth_date`), answers (nested by path), step, facts.
Neighbours: kit alone. Procedures keeps the definitions, dossiers the answers, files the uploads; they hand in what they
know (`Facts`, `Choices`). It owns no table, knows no procedure, asks neither a database nor a clock.
"""
