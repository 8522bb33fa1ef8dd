"""Pictures of a page: values in, shapes out. Nothing here knows a word, a page or a store.

Every word is an argument, in the language of the page. templates/macros/pictures.html writes the shapes as
SVG, and beside each picture the table that says the same.
"""
