plain = { $text }
no-data = dim data
period-week = wythnos { $day }
chart-by-day = { $what } y dydd
chart-by-week = { $what } yr wythnos
chart-by-month = { $what } y mis
column-day = Diwrnod
column-week = Wythnos
column-month = Mis
days-on = ar { $day }
days-from-to = o { $from } i { $to }
note-stale = { $when } nid edrychon ni ar { $who }.
note-unreachable = { $when } ni ellid cyrraedd { $who }.
note-more = Mae { $count } { $count ->
    [one] adeg
   *[other] adeg
} debyg arall yn y tabl ac yn y data.
note-joined-between = Ymunodd { $networks } rhwng { $first } a { $last }
note-joined-first = Ymunodd { $who } ar { $day }
note-joined-then = { $who } ar { $day }
note-joined = { $times }: o ddyddiau cynharach nid oes ond yr hyn { $count ->
    [one] a ddangosai
   *[other] a ddangosent
} o hyd bryd hynny.
note-undated = Heb ddyddiad hysbys, ac mewn dim un bar: { $count }.
cell-unreachable = { $who } heb ei gyrraedd
cell-stale = heb edrych ar { $who }
cell-joined = ymunodd { $who }
cell-all-reached = Cyrhaeddwyd pob un
cell-and = { $first }; { $then }
names-more = { $count } arall
chart-nothing = Dim i’w ddangos.
chart-most = Y mwyaf yn { $when }: { $count }.
chart-none = Dim.
chart-described = O { $first } i { $last }. { $most }{ $gaps ->
    [0] {""}
   *[other] {" "}Mae rhywbeth ar goll mewn { $gaps } o { $all }, fel y dywed y nodiadau isod.
}
chart-notes = Nodwyd ar ddiwrnodau
chart-note = { $day }, { $who }: “{ $text }”
chart-note-operator = { $day }, { $who }, sy’n rhedeg y wefan hon: “{ $text }”
chart-note-number = nodyn { $number }
chart-before = Cyn iddo ddechrau: sgyrsiau â’r geiriau { $words } yn yr un rhwydweithiau, { $mean } yr wythnos
chart-with-baseline = { $all } Daw’r { $weeks } gyntaf o’r amser cyn iddo ddechrau, gyda { $mean } yr wythnos ar gyfartaledd.
chart-compared = { $title }, { $count } siart y naill uwchben y llall, ar un raddfa
chart-side = { $letter }. { $text }
chart-sides = { $first } { $rest }
chart-matching = Sgyrsiau sy’n cyfateb

# picture/timeline.html
table-of = Tabl: { $title }
newest-first = { $title }, y diweddaraf yn gyntaf
column-coverage = Cwmpas

# picture/compared.html
oldest-first = { $title }, yr hynaf yn gyntaf
compared-side = { $letter }: { $column }

# picture/key.html
key-unreachable = Ni ellid cyrraedd rhwydwaith
key-stale = Nid edrychwyd ar rwydwaith
key-joined = Ymunodd rhwydwaith
