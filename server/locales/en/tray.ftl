tray-add = Add to tray<span class="govuk-visually-hidden">: { $title }</span>
tray-in = In your tray
tray-out = Take out<span class="govuk-visually-hidden">: { $title }</span>
tray-full = Your tray is full: it holds { $most }.
tray-bar = Your tray: { $count } of { $most }
tray-not-shown = { $count ->
    [one] 1 quotation of this tray is not shown: withdrawn, hidden or deleted since, or never there. Which one is not said.
   *[other] { $count } quotations of this tray are not shown: withdrawn, hidden or deleted since, or never there. Which ones is not said.
}
tray-brief = Brief (one page)
tray-large = Brief in large print
tray-markdown = Markdown
count-quotations = { $count } { $count ->
    [one] quotation
   *[other] quotations
}
tray-heading = { $quotations } from { $networks }
tray-quotations = Quotations
tray-undated = on days that nobody knows
tray-check = Said { $when }. Generation { $generation }, change { $seq }, ledger entry { $ledger } with head { $head }.
tray-cut = So that this stays one sheet, { $count ->
    [one] 1 is cut
   *[other] { $count } are cut
} to { $most } characters; in large print, Markdown and data they are whole.

# tray.html
tray-title = Your tray
tray-lead = Up to { $most } quotations, held by the address of this page and nowhere else: no account, no cookie, nothing in your browser.
tray-unused = There is nothing in it. Search, or open a topic, and use “Add to tray” beside what people say.
tray-drop = Take these out of the address
tray-up = Up<span class="govuk-visually-hidden">: { $title }</span>
tray-down = Down<span class="govuk-visually-hidden">: { $title }</span>
tray-reference = Reference:
tray-as-written = As they were written, at most 300 characters, personal details taken out.
tray-chosen = Chosen by hand: they show what was said, not how many say so.
tray-address = The address of this tray
tray-address-how = Keep it, or send it on: whoever opens it sees these quotations as they may be shown then. What is withdrawn leaves it within a second; what you printed or saved does not change.
tray-new = Empty the tray

# traybrief.html
tray-back = Back to the tray
tray-print = Print this page with your browser: it is one sheet of A4.
tray-print-large = Print this page with your browser: in large print it takes as many sheets as it needs.
tray-made = Brief, { $day }.
tray-none = None of it may be shown.
tray-links-to = links to { $host }
tray-how-to-check = How to check
