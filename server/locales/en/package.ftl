package-title = Hand on: { $heading }
package-everything = All conversations
package-quoted = { $quoted } of { $conversations } quoted, from { $networks }
package-copies = { $count } in the same words as one that is quoted.
package-nothing = { $count } with nothing to quote: it says next to nothing, or its network shows titles and links alone.
package-beyond = { $count } that were not looked through: a package is made of the first { $looked } of { $all }.
package-quotations = { $count ->
    [one] 1 quotation
   *[other] { $count } quotations
}
package-without = { $quotations } of the package left out: { $because }.
package-back-topic = Back to the topic
package-back-search = Back to the search
package-people = People, as a workbook
package-people-csv = People, as CSV
package-programs = Programs

# package.html
package-lead = { $quoted }, with where each comes from and whose consent it rests on: for a deliberation elsewhere to begin with what people already say.
package-take = Take all of it (signed zip)
package-say-so = Quoted as written, at most 300 characters each, personal details taken out. Nobody who is quoted was asked whether they stand for a statement or a proposal: say so where you use it.
package-files = One file a tool
package-table = Table: files of the package
package-caption = Files of the package
package-for = For
package-file = File
package-how = How it is taken in
package-holds = Holds
package-out = What is left out
package-out-none = Nothing: every conversation about it is quoted.
package-again = What is withdrawn or hidden is in no package from that moment on. A package that you hold does not change by itself: before you use it again, ask for <a href="{ $manifest }">the manifest as it is now</a>, and take out what is not in it any more.
package-who = Who is quoted
package-nobody = Nobody.
package-of = <a href="{ $href }">{ $name }</a>, of { $owner }
package-check = How to check it
package-made = Made on { $made }. The manifest names every file with its SHA-256; <a href="{ $signature }">its signature</a> is by the key that signs the <a href="/transparency">ledger’s heads</a>:
package-verify = <code>discover package verify FILE --key KEY</code> checks an archive without asking us.
