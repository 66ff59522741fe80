# accessibility.html
accessibility-heading = Accessibility
accessibility-lead = We want as many people as possible to be able to use these pages. We aim for WCAG 2.2, level AA.
accessibility-can = What you should be able to do
accessibility-script = Read and use everything without JavaScript: there is none.
accessibility-keyboard = Use every page with a keyboard alone. The first stop is a link to the main content.
accessibility-large = Make text four times as large, or use a narrow window, without scrolling sideways. Wide tables and the map scroll within their own frame.
accessibility-pictures = Read every picture as a table: it stands directly below.
accessibility-colours = Use your own colours, a dark screen or high contrast. Nothing rests on colour alone.
accessibility-hear = Hear texts in their own language: every foreign text says which language it is in, where we know.
accessibility-print = Print any page. Folded parts open, and addresses of originals are written out.
accessibility-not = What does not work yet
accessibility-map = On the map some names find no place. Such a circle holds a letter, which a list below the picture explains; the name is in the link and in the table too.
accessibility-names = We do not always know the language of a network’s or topic’s name; then it is read in the language of the page.
accessibility-authors = Extracts are as their authors wrote them; we cannot make them plainer.
accessibility-english = A few long pages are in English alone, and say so in your language.
accessibility-checked = These pages have been checked by program and in a browser, not yet by people who use screen readers every day.
accessibility-tell = Tell us
accessibility-write = If something is hard to use, or you need it in another form, write to <a href="{ $href }">{ $words }</a>.
