package-title = Trosglwyddo: { $heading }
package-everything = Pob sgwrs
package-quoted = Dyfynnir { $quoted } o { $conversations }, o { $networks }
package-copies = { $count } yn yr un geiriau ag un a ddyfynnir.
package-nothing = { $count } heb ddim i’w ddyfynnu: nid yw’n dweud fawr ddim, neu mae ei rhwydwaith yn dangos teitlau a dolenni yn unig.
package-beyond = { $count } na chawsant eu darllen: gwneir pecyn o’r { $looked } cyntaf o { $all }.
package-quotations = { $count ->
    [one] 1 dyfyniad
   *[other] { $count } dyfyniad
}
package-without = Gadawyd { $quotations } o’r pecyn allan: { $because }.
package-back-topic = Yn ôl i’r pwnc
package-back-search = Yn ôl i’r chwiliad
package-people = Pobl, fel llyfr gwaith
package-people-csv = Pobl, fel CSV
package-programs = Rhaglenni
package-lead = { $quoted }, gyda tharddiad pob un a chydsyniad pwy sydd y tu ôl iddo: fel y gall trafodaeth mewn man arall ddechrau â’r hyn y mae pobl eisoes yn ei ddweud.
package-take = Cymryd y cyfan (zip wedi’i lofnodi)
package-say-so = Dyfynnir fel yr ysgrifennwyd, 300 nod ar y mwyaf yr un, a manylion personol wedi’u tynnu. Ni ofynnwyd i neb a ddyfynnir a ydynt yn arddel datganiad neu gynnig: dywedwch hynny lle defnyddiwch ef.
package-files = Un ffeil i bob offeryn
package-table = Tabl: ffeiliau’r pecyn
package-caption = Ffeiliau’r pecyn
package-for = Ar gyfer
package-file = Ffeil
package-how = Sut y’i cymerir i mewn
package-holds = Yn cynnwys
package-out = Yr hyn a adewir allan
package-out-none = Dim: dyfynnir pob sgwrs amdano.
package-again = Nid yw’r hyn a dynnir yn ôl neu a guddir mewn unrhyw becyn o’r eiliad honno. Nid yw pecyn sydd gennych yn newid ohono’i hun: cyn ei ddefnyddio eto, gofynnwch am <a href="{ $manifest }">y maniffest fel y mae nawr</a>, a thynnwch allan yr hyn nad yw ynddo mwyach.
package-who = Pwy a ddyfynnir
package-nobody = Neb.
package-of = <a href="{ $href }">{ $name }</a>, o { $owner }
package-check = Sut i’w wirio
package-made = Gwnaed ar { $made }. Mae’r maniffest yn enwi pob ffeil gyda’i SHA-256; gwnaed <a href="{ $signature }">ei lofnod</a> â’r allwedd sy’n llofnodi <a href="/transparency">pennau’r cyfriflyfr</a>:
package-verify = Mae <code>discover package verify FILE --key KEY</code> yn gwirio archif heb ofyn i ni.
