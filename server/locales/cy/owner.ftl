question-title = { $heading } { $place }
question-place = Ychwanegu eich gwefan: cwestiwn { $number } o { $all }
question-problem = Mae problem
question-continue = Parhau
question-back = Yn ôl
question-or = neu
question-nothing-kept = Ni chedwir dim nes i chi gytuno ar y diwedd. <a href="/">Rhoi’r gorau iddi ac anghofio’r cyfan</a>
question-limit = Rydym wedi edrych ar y wefan hon, neu drosoch chi, mor aml ag y cawn am y tro. Rhowch gynnig arall arni ymhen { $minutes ->
    [one] 1 munud
    [two] 2 funud
   *[other] { $minutes } munud
}
why-asked = Pam rydym yn gofyn

address-question = Beth yw cyfeiriad eich gwefan?
address-hint = Y dudalen lle mae’r sgyrsiau cyhoeddus yn dechrau, er enghraifft https://forum.example.org/t/. Mae cyfrif cymdeithasol yn gweithio hefyd, er enghraifft https://social.example/@name.
address-note = Rhaid mai chi yw perchennog y wefan, neu fod gennych ganiatâd i siarad dros y perchennog. Ni ddarllenir dim o’ch gwefan cyn i’ch prawf sefyll arni.
address-missing = Ysgrifennwch gyfeiriad eich gwefan
address-space = Mae bwlch yn y cyfeiriad. Ysgrifennwch ef fel yn llinell gyfeiriad eich porwr
address-unreadable = Nid cyfeiriad gwe yw hwnnw. Ysgrifennwch er enghraifft https://forum.example.org/
address-refused = Ni ellir cofrestru’r cyfeiriad hwn: { $why }
address-long = Mae’r cyfeiriad yn rhy hir
address-social = Ni all neb brofi yno mai eu heiddo nhw yw tudalen neu grŵp: rhowch wefan y grŵp ei hun, neu gyfrif ar Mastodon neu Bluesky
address-host = Ysgrifennwch enw cyfan y gwesteiwr, er enghraifft forum.example.org

groups-question = A yw eich gwefan yn bennaf ar gyfer, neu am, unrhyw un o’r rhain?
groups-hint = Dewiswch bob un sy’n berthnasol. O leoedd o’r fath cedwir a dangosir teitlau a dolenni yn unig, dim testun a dim atebion, ac nid ydynt yn rhan o unrhyw bwnc, oni bai eich bod yn penderfynu fel arall.
groups-child = Plant neu bobl ifanc dan 18
groups-self-harm = Hunanladdiad, hunan-niweidio neu anhwylderau bwyta
groups-refuge = Lloches, neu gymorth ar ôl trais neu gam-drin
groups-none = Na, dim un o’r rhain
groups-why = Gall cael eich canfod helpu grŵp, a’i niweidio: gall geiriau a ysgrifennwyd mewn lleoedd o’r fath frifo pobl pan gânt eu rhannu’n ehangach.
groups-missing = Dewiswch y grwpiau y mae eich gwefan ar eu cyfer, neu “dim un o’r rhain”
groups-both = Dewiswch y grwpiau y mae eich gwefan ar eu cyfer, neu “dim un o’r rhain”, ac nid y ddau

excerpts-question = A gaiff detholiadau byr eu dangos?
excerpts-hint = Mae eich gwefan ar gyfer pobl y mae’n rhaid eu gwarchod. Gallwch newid hyn yn nes ymlaen.
excerpts-no = Na chânt: teitlau a dolenni yn unig
excerpts-yes = Cânt: detholiadau o 300 nod ar y mwyaf hefyd
excerpts-missing = Dewiswch a gaiff detholiadau byr eu dangos

method-question = Ble gallwch chi ddangos mai chi biau’r wefan?
method-hint = Mae un o’r rhain yn ddigon. Dim ond y perchennog all ei wneud, felly ni all neb arall eich ychwanegu; ac mae ei dynnu yn ddigon i adael.
method-file = Ffeil fach ar y wefan
method-file-hint = WordPress, gwefannau statig, eich gweinydd eich hun
method-tag = Llinell ym mhen y dudalen gartref
method-tag-hint = Discourse, ac adeiladwyr sy’n gadael i chi ychwanegu at y pen
method-dns = Cofnod o’r enw parth (DNS)
method-dns-hint = Lle mae rhywun arall yn rhedeg y wefan i chi, a’r enw’n eiddo i chi
method-profile = Testun proffil cyfrif cymdeithasol
method-profile-hint = Mastodon a’i debyg. Mae’n cwmpasu’r cyfrif hwnnw yn unig
method-missing = Dewiswch ble gallwch ddangos mai chi biau’r wefan
method-no-account = Prawf ar gyfer y cyfrif hwnnw yn unig yw proffil cyfrif. Dewiswch ffordd arall, neu ewch yn ôl ac ysgrifennwch gyfeiriad y cyfrif, er enghraifft https://social.example/@name

proof-heading = Dangoswch mai chi biau’r wefan
proof-lead = Mae’n dangos eich bod yn cytuno, ar gyfer { $origin } yn unig. Nid cyfrinair ydyw, ac mae’n ddiwerth yn unman arall.
proof-download = Lawrlwytho’r ffeil
proof-opens-at = Rhowch hi ar eich gwefan. Rhaid iddi wedyn agor yn
proof-how = Sut mae gwneud hynny ar eich math chi o wefan
proof-text = Testun y ffeil, i’w gopïo
proof-label = Y prawf
recipe-wordpress-1 = Agorwch reolwr ffeiliau eich gwesteiwr, neu ei FTP.
recipe-wordpress-2 = Gwnewch ffolder <code>.well-known</code> wrth ymyl <code>wp-content</code>, a lanlwythwch y ffeil iddi.
recipe-wordpress-tag = Gludwch y llinell gydag ategyn ar gyfer cod yn y pen (“Insert headers”), neu i mewn i <code>header.php</code> thema blentyn, cyn <code>&lt;/head&gt;</code>.
recipe-static = Gwefan statig neu eich gweinydd eich hun
recipe-static-how = Rhowch y ffeil yn ffolder <code>.well-known</code> yr hyn rydych yn ei gyhoeddi. Mae rhai gwesteiwyr yn hepgor ffolderi sy’n dechrau gyda dot: gweler eu tudalen am “well-known”.
recipe-static-tag = Rhowch y llinell ym mhen templed y dudalen gartref, a chyhoeddwch.
recipe-discourse-file = Nid yw Discourse yn derbyn ffeiliau mewn cyfeiriad o’r fath: ewch yn ôl, a dewiswch y llinell ym mhen y dudalen gartref.
recipe-discourse-1 = Admin, Customise, Themes, eich thema, Edit code.
recipe-discourse-2 = Gludwch y llinell i’r rhan o’r enw Head, a chadwch.
proof-tag = Rhowch y llinell hon ym mhen { $address }:
proof-dns = Ychwanegwch gofnod TXT yn <code>{ $name }</code>:
proof-dns-wait = Gall cofnod newydd gymryd hyd at awr nes bod pawb yn ei weld.
proof-profile = Ychwanegwch y gair hwn at destun proffil { $address }:
proof-profile-only = Mae’n cwmpasu’r cyfrif hwnnw yn unig. Gall fynd eto pan fyddwch yn gadael.
proof-folder = Dim ond yn eich ffolder eich hun o’r wefan hon y gallwch ysgrifennu
proof-folder-how = Yna rhowch hwn yn y ffolder honno yn lle hynny, yn yr un man oddi tani. Mae’n siarad dros y ffolder honno a dim arall, a dim ond tra nad yw’r wefan ei hun wedi dweud dim:
proof-scope = Mae’r cwmpas yn dweud beth a gaiff ei ddarllen; dim ond eich gwefan all ei ehangu. <a href="/bot#join">Pob maes</a>. Gallwch ddod yn ôl i’r dudalen hon yn nes ymlaen: cadwch ei chyfeiriad.
proof-look = Rwyf wedi’i wneud: edrychwch nawr
proof-limit = Edrychwn 6 gwaith yr awr ar y mwyaf.
proof-not-there = Nid yw’r prawf yno eto. Nid edrychwyd ar ddim arall o’ch gwefan
proof-bad = Mae rhywbeth yno, ond nid prawf ydyw: { $why }
proof-unreachable = Ni ellid cyrraedd eich gwefan: { $why }

preview-heading = Dyma’n union beth a gymerid
preview-nothing-kept = <strong>Ni chadwyd dim.</strong> Darllenwyd yr hyn a welwch i’r cof i ddangos y dudalen hon i chi, ac mae wedi’i anghofio eisoes.
preview-site = Gwefan
preview-allow = Rydych yn caniatáu
preview-for = ar gyfer { $purposes }
preview-until = , tan { $day }
preview-widen = I ehangu hyn, newidiwch y prawf ar eich gwefan: ni allwn ni.
preview-run-by = Rhedir gan
preview-link-only = Cedwid teitlau a dolenni yn unig: dim testun, dim atebion, dim pynciau.
preview-items = Eitemau diweddar
preview-as-they-are = wedi’u cadw fel y maent
preview-taken-out = wedi’u cadw, manylion wedi’u tynnu
preview-refused-count = wedi’u gwrthod
preview-kept = Cedwir
preview-redacted = Cedwir, manylion wedi’u tynnu
preview-refused = Gwrthodwyd
preview-details = Tynnwyd { $count ->
    [one] 1 manylyn
    [two] 2 fanylyn
   *[other] { $count } manylyn
} allan, o { $kinds }
preview-address-only = O’r hyn a wrthodir dangoswn y cyfeiriad yn unig.
preview-more = Dyma’r rhai diweddaraf; mae mwy, a gwneir yr un peth gyda phob un.
preview-none = Ni ellid darllen dim o fewn yr hyn rydych yn ei ganiatáu
preview-none-how = Edrychwch ar y cyfeiriad ac ar y cwmpas yn eich prawf, a gofynnwch am edrych eto.
preview-again = Yn ôl at y prawf
preview-stop = Stopio: ni chedwir dim
preview-leave = Gallwch adael ar unrhyw adeg: cuddir popeth o fewn eiliad a’i ddileu o fewn awr.

sources-question = A yw hyn yn iawn? Beth ohono a gaiff ei ddarllen?
sources-hint = Dewiswch bopeth a gaiff ei ddarllen.
sources-missing = Dewiswch beth a gaiff ei ddarllen, neu stopiwch
sources-unreadable = Ni ellir darllen ffynhonnell. Edrychwch ar y wefan eto

name-question = Beth yw enw eich rhwydwaith?
name-hint = Fel y dangosir ef yma.
name-missing = Ysgrifennwch enw eich rhwydwaith
name-long = Ysgrifennwch { $most } nod ar y mwyaf

owner-question = Pa sefydliad neu berson biau ef?
owner-hint = Dangosir hyn yn gyhoeddus, wrth ymyl yr enw.
owner-missing = Ysgrifennwch pwy biau’r rhwydwaith

days-question = Am faint o ddyddiau y gellir cadw neges?
days-hint = O 1 i 1,095, gan gyfrif o’r diwrnod y gwelwn hi gyntaf. 365 sy’n arferol. Os yw eich prawf yn dweud llai, llai fydd.
days-wrong = Ysgrifennwch nifer o ddyddiau o 1 i { $most }

contact-question = Sut gallwn ni gysylltu â chi?
contact-hint = Cyfeiriad e-bost neu dudalen, ar gyfer y gweithredwr yn unig. Ni ddangosir ef byth. Cewch adael hwn yn wag.
contact-wrong = Ysgrifennwch gyfeiriad e-bost, megis enw@example.org, neu gyfeiriad tudalen sy’n dechrau â https://
contact-missing = Ysgrifennwch sut gallwn gysylltu â chi, neu gadewch ef yn wag a pharhau

told-early = Yr hyn y mae’n rhaid ei ddweud wrth eich aelodau cyn i chi gytuno
told-question = A yw’r aelodau wedi cael gwybod?
told-yes = Ydynt, mae’r aelodau wedi cael gwybod
told-no = Ddim eto
told-text = Testun ar eu cyfer
told-first = Dywedwch wrth eich aelodau yn gyntaf, a dewch yn ôl. Mae testun ar eu cyfer isod
told-missing = Dywedwch a yw’r aelodau wedi cael gwybod

check-heading = Gwiriwch eich atebion
check-sources = Gellir darllen
check-name = Enw
check-owner = Perchennog
check-days = Cedwir am
check-contact = Cyswllt
check-no-contact = dim
check-told = Aelodau
check-change = Newid
check-agree = Cytuno, a mynd yn fyw
check-declaration = Chi biau’r wefan hon neu rydych yn siarad dros ei pherchennog, ac rydych yn cytuno bod yr hyn a restrir uchod yn cael ei ddarllen, ei gadw a’i ddangos fel y dywedodd y rhagolwg.
check-go-live = Rwy’n cytuno: mynd yn fyw

joined-heading = Gellir canfod { $name }
joined-soon = Bydd ei sgyrsiau cyntaf i’w gweld yn y chwiliad o fewn ychydig funudau.
joined-key = Cadwch allwedd eich perchennog
joined-key-how = Fe’i dangosir yr un tro hwn. Cadwch hi fel cyfrinair. Gyda hi a’r enw byr <code>{ $slug }</code> gallwch <a href="/owner/login">fewngofnodi</a> i oedi, newid neu adael. Hebddi, mae’r prawf ar eich gwefan yn gwneud y tro hefyd.
joined-key-label = Allwedd y perchennog
joined-next = Beth i’w wneud nesaf
joined-tell = 1. Dywedwch wrth eich aelodau
joined-look = 2. Edrychwch ar eich tudalen gyhoeddus ymhen ychydig funudau
joined-public = Eich tudalen gyhoeddus
joined-owner = 3. Edrychwch ar dudalen eich perchennog
joined-owner-how = Mae’n dweud sut aeth yr ymweliadau, beth a wrthodwyd a pham, a pha mor aml y’ch canfuwyd.
joined-go = Mynd i’ch rhwydwaith
joined-leave = I adael: tynnwch y prawf, neu defnyddiwch dudalen eich perchennog.

login-heading = Mewngofnodi fel perchennog
login-lead = Nid oes angen mewngofnodi i adael: mae tynnu’r prawf oddi ar eich gwefan yn ddigon.
login-by-key = Gydag allwedd eich perchennog
login-slug = Enw byr eich rhwydwaith
login-button = Mewngofnodi
login-key-whence = Fe’i dangoswyd unwaith, pan gofrestroch; ar gyfer rhwydwaith o nodiadau, y gweithredwr a’i rhoddodd i chi. Os aeth ar goll, neu os gwelodd rhywun arall hi: mewngofnodwch â ffeil ar eich gwefan, isod, neu gofynnwch i’r gweithredwr am un newydd, a daw’r hen un i ben.
login-by-file = Gyda’ch ffeil gydsyniad
login-by-file-how = Cewch god, rhowch ef yn y ffeil gydsyniad ar eich gwefan, ac edrychwn ar y ffeil. Nid yw’r tocyn yn y ffeil yn mewngofnodi neb.
login-get-code = Cael cod
login-wrong = Nid yw’r rhwydwaith a’r allwedd yn perthyn i’w gilydd
login-no-file = Nid oes rhwydwaith o’r fath yma, neu nid oes ganddo ffeil y gellid edrych arni
login-too-long = Cymerodd hynny fwy na 15 munud. Dechreuwch eto
login-no-code = Nid yw’r cod hwn yn y ffeil eto. Gwiriwch ei bod wedi’i chadw, a rhowch gynnig arall arni
nonce-heading = Rhowch y cod hwn yn eich ffeil gydsyniad
nonce-add = Ychwanegwch y llinell hon at y ffeil yn <code>{ $address }</code>, wrth ymyl y lleill:
nonce-label = Llinell ar gyfer y ffeil gydsyniad
nonce-counts = Mae’n cyfrif am 15 munud, unwaith, ac o’r dudalen hon yn unig. Cewch dynnu’r llinell eto wedyn.
nonce-look = Mae hi yno: mewngofnodwch fi

looked-heading = Edrychon ni
looked-stands = Mae’r prawf yn sefyll. Ni newidiodd dim.
looked-missing = Nid oes prawf dilys. Mae’r hyn a gedwir wedi’i guddio nawr; ar ôl saith diwrnod mae’n cyfrif fel gadael.
looked-withdrawn = Mae’r perchennog wedi gadael. Mae popeth wedi’i guddio nawr ac fe’i dileir o fewn yr awr.
looked-unreachable = Ni ellid cyrraedd lle’r prawf. Edrychwn eto ymhen ychydig oriau.
looked-too-soon = Edrychwyd arno eiliad yn ôl. Rhowch gynnig arall arni ymhen hanner munud.
looked-on-paper = Mae’r cydsyniad ar bapur yma, felly nid oes lle i edrych arno. Mae’r gweithredwr yn ei adnewyddu gyda dogfen newydd.
back-to-network = Yn ôl at eich rhwydwaith
leave-heading = Gadael
leave-lead = Cuddir yr hyn a gymerwch yn ôl o fewn eiliad o bob tudalen, ffrwd ac ateb, a’i ddileu am byth o fewn awr. Ni ddaw’n ôl, oni bai eich bod yn cofrestru eto gyda phrawf newydd.
leave-all = Y cyfan o { $name }
leave-all-how = Dileir negeseuon, mynegai, pynciau, enwau ac allweddi. Erys derbynneb heb eich enw yn y llyfr. Efallai yr hoffech <a href="/owner/download">lawrlwytho popeth a gedwir</a> yn gyntaf.
leave-all-now = Gadael nawr gyda phopeth
leave-part = Rhan yn unig
leave-source = Un ffynhonnell
leave-source-now = Cymryd y ffynhonnell hon yn ôl
leave-path = Popeth o dan un cyfeiriad
leave-path-now = Cymryd y llwybr hwn yn ôl
leave-conversation = Un sgwrs: ei chyfeiriad yma
leave-conversation-now = Cymryd y sgwrs hon yn ôl
leave-foreign = Nid yw hynny’n perthyn i’ch rhwydwaith. Edrychwch ar y cyfeiriad
leave-address = Ysgrifennwch y cyfeiriad yn llawn, gyda https://
left-part = Mae wedi mynd
left-part-lead = Mae wedi’i guddio ym mhobman nawr, fe’i dileir am byth o fewn yr awr, ac ni ddaw’n ôl. Aiff y dderbynneb i’r llyfr.
left-all = Rydych wedi gadael
left-all-lead = Mae popeth o’ch rhwydwaith wedi’i guddio ym mhobman nawr ac fe’i dileir am byth o fewn yr awr: negeseuon, mynegai, pynciau, enwau, allweddi. Aiff derbynneb heb eich enw i’r llyfr. Ni all neb gofrestru’r wefan eto heb brawf newydd arni. Cewch dynnu’r prawf i lawr.
left-receipt = Lle bydd y dderbynneb

areas-question = Pa ardaloedd y mae eich rhwydwaith yn eu gwasanaethu?
areas-hint = Dangosir hyn gyda’ch rhwydwaith, fel y gall darllenwyr weld mewn faint o ardaloedd y trafodir rhywbeth. Rhowch goma rhwng sawl enw. Gadewch y tri’n wag os nad yw’n gwasanaethu un ardal. Nid ydym byth yn darllen lle o neges.
areas-councils = Cynghorau
areas-wards = Wardiau
areas-boards = Byrddau iechyd
check-no-areas = dim
