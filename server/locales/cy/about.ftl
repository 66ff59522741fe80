about-title = Am { $instance }
fact-networks = { $count ->
    [one] rhwydwaith
    [two] rwydwaith
   *[other] rhwydwaith
}
fact-sources = { $count ->
    [one] ffynhonnell
   *[other] ffynhonnell
}
fact-conversations = sgyrsiau
fact-posts = negeseuon
fact-topics = pynciau
ledger-empty = nid oes cofnodion ynddo eto
ledger-entries = { $count } { $count ->
    [two] gofnod
    [few] chofnod
    [many] chofnod
   *[other] cofnod
}, yr olaf â’r hash { $hash }

# about.html
about-heading = Am { $instance }
about-lead = Mae { $instance } yn canfod, yn cysylltu ac yn dangos lle mae sgyrsiau cyhoeddus yn digwydd, ymhlith rhwydweithiau a ofynnodd am gael eu canfod. Mae’n mapio sgyrsiau, byth bobl, ac yn anfon darllenwyr yn ôl i’r lle y mae sgwrs yn byw.
about-keep = Beth rydym yn ei gadw
about-keep-text = Testun plaen negeseuon cyhoeddus, wedi tynnu manylion personol ohono, 64 KiB y neges ar y mwyaf.
about-keep-address = Ei chyfeiriad, ei hiaith, pryd y’i cyhoeddwyd a phryd y gwelsom hi gyntaf.
about-keep-voice = Ar gyfer cyfrif yn unig: rhif wedi’i sgramblo yn lle pwy bynnag a’i hysgrifennodd. Mae’n wahanol ym mhob rhwydwaith, ni ellir ei droi’n ôl yn enw, a byth ni chwilir amdano na’i ddangos.
about-keep-consent = O dan ba gydsyniad y daeth i mewn. Mae pob neges yn ei enwi, ac mae’r llyfr yn ei brofi: { $ledger }.
about-show = Dangoswn deitl, 300 nod ar y mwyaf, a 300 yn rhagor o gwmpas geiriau chwiliad, bob amser gydag enw’r rhwydwaith a dolen i’r gwreiddiol. Cedwir neges cyhyd ag y mae ei rhwydwaith yn caniatáu, 365 diwrnod oni ddywed y rhwydwaith fel arall. Nid yw nodiadau a gymerwyd all-lein yn unman arall: mae tudalen pob un yn dangos y cyfan.
about-refuse = Beth rydym yn ei wrthod
about-gate = Mae pob eitem yn mynd drwy borth cyn ysgrifennu’r beit cyntaf. Cyfrifir ac anghofir yr hyn a wrthoda’r porth; mae perchennog y wefan yn gweld ei gyfeiriad a’r rheswm.
about-refused-none = Ni wrthodwyd dim hyd yn hyn.
about-refused-table = Tabl: gwrthodiadau
about-refused-caption = Gwrthodwyd hyd yn hyn, yn ôl rheswm
column-code = Cod
column-reason = Rheswm
column-items = Eitemau
about-all-reasons = Pob rheswm dros wrthod
about-details = Manylion personol a dynnir allan
about-details-how = Rhoddir eu math yn eu lle cyn storio dim, fel na all neb, ninnau’n gynwysedig, edrych arnynt wedyn. Nid yw’r un rhaglen yn dod o hyd i bob un: os gwelwch un a gollwyd, <a href="/privacy#objection">dywedwch wrthym</a> ac fe’i cuddir ar dderbyn.
about-details-none = Ni fu’n rhaid tynnu dim allan hyd yn hyn.
about-details-table = Tabl: manylion a dynnwyd allan
about-details-caption = Manylion a dynnwyd allan hyd yn hyn, yn ôl math
column-times = Gwaith
about-numbers = Pryd rydym yn dangos rhif
about-numbers-rule = Dangosir pwnc, gair trawiadol, awgrym neu rybudd pan fo o leiaf { $networks } rhwydwaith neu { $voices } llais y tu ôl iddo. Crynhoir yr hyn sydd islaw yn “rhy fach i’w ddangos”. Cyfrifir yn union yr hyn y gallwch ei restru eich hun: cyfansymiau, y rhifau wrth hidlyddion, barrau, a sgyrsiau rhwydwaith neu bwnc. Talgrynnir pob rhif arall, rhai lleisiau a negeseuon yn anad dim, i’r { $round-to } agosaf o dan { $exact-from } a’u dweud gyda “tua”. Dangosir sgwrs gyhoeddus unigol bob amser: mae’r rheol yn gwarchod pobl mewn grwpiau bach, ac nid oes grŵp mewn un sgwrs.
about-lists = Sut y gwneir y rhestrau
about-lists-how = Mae sgyrsiau sy’n rhannu dolenni, geiriau trawiadol neu ddyddiau yn gysylltiedig. Grwpiau o sgyrsiau cysylltiedig yw pynciau. Mae tair rhestr a byth un, fel na all yr hyn sy’n uchel wthio allan yr hyn sy’n dawel.
about-emerging = Faint mae pobl yn siarad amdano nawr, yn erbyn faint o’r blaen. Cyfartaleddau symudol o’r siarad mewn wythnos yw byr a hir, â hanner oes o 3 a 30 diwrnod.
about-enduring = Mewn faint o wythnosau y bu’n weithgar. Mae wythnos pan gymerodd un rhwydwaith yn unig ran yn cyfrif degfed ran.
about-quiet = Yr un peth, wedi’i rannu ag ail isradd nifer ei negeseuon: bach, ond o sawl rhwydwaith ers amser maith.
about-effective = Ym mhob un, <code>networks</code> yw <strong>nifer effeithiol y rhwydweithiau</strong>: esbonyddol entropi eu cyfrannau. Mae chwe rhwydwaith o’r un maint yn cyfrif fel 6; mae chwech y mae un ohonynt yn ysgrifennu bron y cyfan yn cyfrif fel ychydig mwy nag 1. Cyn hynny, mae testunau sydd bron yr un fath yn cyfrif unwaith, ac mae pob llais a phob rhwydwaith yn cyfrif yn ôl logarithm yr hyn y mae’n ei ychwanegu, fel bod pum cant o gopïau o un lle yn cyfrif fel tuag un. Mae tudalen pob pwnc yn argraffu pob ffactor.
about-coordination = Sut rydym yn sylwi ar gydlynu
about-coordination-how = Mae tudalen pwnc yn dweud hynny lle mae o leiaf draean o’i sgyrsiau bron yn gopïau o rai eraill, neu lle dechreuwyd o leiaf 12 sgwrs yn bennaf gan dri llais o fewn tri diwrnod. Mae’n dweud beth a welwyd a byth pwy. Mae’r copïau’n cyfrif unwaith beth bynnag, felly nid yw cael ei nodi yn symud dim; dywedir hynny fel y gallwch farnu drosoch eich hun.
about-languages = Ieithoedd y tudalennau hyn
about-languages-how = Mae’r tudalennau hyn yn Saesneg, Cymraeg ac Wrdw. Cyfieithwyd y Gymraeg a’r Wrdw gan beiriant, ac nid oes siaradwr brodorol wedi eu gwirio eto; lle nad yw brawddeg wedi’i chyfieithu mae yn Saesneg ac wedi’i nodi felly. Dywedwch wrth y gweithredwr beth sy’n darllen yn anghywir. Ni chyfieithir byth yr hyn y mae pobl yn ei ysgrifennu yn y rhwydweithiau.
about-who = Pwy sy’n rhedeg hwn
about-contact = Cysylltwch â’r gweithredwr yn <a href="{ $href }">{ $words }</a>.
about-no-contact = Nid yw gweithredwr yr enghraifft hon wedi cyhoeddi cyfeiriad cyswllt.
about-crawler = Mae ein hymlusgydd yn galw ei hun yn <code>{ $user-agent }</code>; <a href="/bot">beth mae’n ei wneud ac nad yw’n ei wneud</a>.
about-govuk = Mae’r tudalennau hyn yn defnyddio rhannau o GOV.UK Frontend o dan <a href="{ $href }">drwydded MIT</a>. Nid gwasanaeth GOV.UK yw hwn.
