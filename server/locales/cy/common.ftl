page-in-english = Yn Saesneg yn unig y mae’r dudalen hon.
languages-of-pages = Iaith y tudalennau hyn
machine-made = Cyfieithwyd y geiriau hyn gan beiriant, ac nid oes siaradwr brodorol wedi eu gwirio.
moment = { $time } { $half ->
    [am] yb
   *[pm] yh
} ar { $day }
enough = { $networks } rhwydwaith neu { $voices } llais
count-networks = { $count } { $count ->
    [two] rwydwaith
   *[other] rhwydwaith
}
and-nearly-the-same = {" "}(a { $count } bron yr un fath)
count-conversations = { $count } sgwrs
some-conversations = { $count ->
    [0] dim sgyrsiau
   *[other] { $count } sgwrs
}
count-topics = { $count } { $count ->
    [two] bwnc
    [few] phwnc
    [many] phwnc
   *[other] pwnc
}
count-posts = { $count } neges
count-weeks = { $count } wythnos
count-days = { $count } { $count ->
    [two] ddiwrnod
   *[other] diwrnod
}
count-voices = { $count } { $count ->
    [two] lais
   *[other] llais
}
two-sentences = { $first } { $last }
list-two = { $first } a { $last }
list-more = { $first }, { $rest }
too-small = { $count ->
    [0] Nid oes yr un pwnc sy’n rhy fach i’w ddangos.
    [one] Mae 1 pwnc yn rhy fach i’w ddangos.
    [two] Mae 2 bwnc yn rhy fach i’w dangos.
    [few] Mae { $count } phwnc yn rhy fach i’w dangos.
    [many] Mae { $count } phwnc yn rhy fach i’w dangos.
   *[other] Mae { $count } pwnc yn rhy fach i’w dangos.
}
odds-one-in = 1 mewn { $count }
odds-tiny = llai nag 1 mewn 1,000,000
rank-emerging = Ar gynnydd
rank-enduring = Parhaus
rank-quiet = Tawel ond cyson
rank-emerging-in = ar gynnydd
rank-enduring-in = parhaus
rank-quiet-in = tawel
rank-quiet-within = tawel ond cyson
rank-emerging-why = 30 diwrnod oed ar y mwyaf, neu deirgwaith cymaint ag o’r blaen, mewn sawl lle.
rank-enduring-why = Wythnos ar ôl wythnos mewn 3 rhwydwaith neu fwy, am 12 wythnos neu fwy.
rank-quiet-why = Bach, ond mewn 3 rhwydwaith neu fwy am 12 wythnos neu fwy.
kind-feed = Ffrwd newyddion neu flog
kind-blog = Blog gyda sylwadau
kind-forum = Fforwm
kind-account = Cyfrif cymdeithasol
kind-links = Fforwm dolenni
kind-list = Rhestr bostio
kind-site = Gwefan gymunedol
kind-events = Digwyddiadau
kind-notes = Nodiadau a gymerwyd all-lein
kind-feed-in = ffrwd newyddion neu flog
kind-blog-in = blog gyda sylwadau
kind-forum-in = fforwm
kind-account-in = cyfrif cymdeithasol
kind-links-in = fforwm dolenni
kind-list-in = rhestr bostio
kind-site-in = gwefan gymunedol
kind-events-in = digwyddiadau
kind-notes-in = nodiadau a gymerwyd all-lein
kind-by = { $kind } ({ $software })
kind-none = Rhwydwaith
because-times = { $times } gwaith cymaint o siarad ag mewn wythnos o’r blaen
because-young = O { $networks } mewn { $days }
because-since = Trafodir ers { $day }
because-weeks = Gweithgar mewn { $weeks }
because-enduring-since = Ers { $day }
because-quiet-weeks = Ychydig ar y tro mewn { $weeks }
because-quiet-since = Ychydig ar y tro ers { $day }
copies-same = { $count } bron yr un fath, { $networks }
copies-one-network = un rhwydwaith
copies-also = Hefyd mewn { $networks }
other-networks = { $count } { $count ->
    [two] rwydwaith
   *[other] rhwydwaith
} arall
topic-note = { $list }, { $networks }
why-times = Yn y 7 diwrnod diwethaf bu { $times } gwaith cymaint o siarad am hyn ag mewn wythnos o’r 12 cynt, heb y rhwydwaith a dyfodd fwyaf.
why-no-more = Nid oes mwy o siarad am hyn yn ddiweddar nag a fu dros y misoedd cynt.
why-because = { $because }.
why-quiet = Trafodwyd mewn { $weeks }; po leiaf sydd i gyd, tawelaf yw.
factor-short-rate = siarad yr wythnos, dros y dyddiau diwethaf
factor-long-rate = siarad yr wythnos, dros y misoedd diwethaf
factor-prior = ychwanegir at y ddau, fel nad yw dwy neges yn don
factor-log-ratio = twf: ln y naill dros y llall
factor-active-weeks = wythnosau gweithgar
factor-corroborated-weeks = wythnosau; mae rhai ag un rhwydwaith yn unig yn cyfrif degfed ran
factor-effective-networks = nifer effeithiol y rhwydweithiau
factor-corroborated = 1 lle mae dau rwydwaith neu fwy yn sôn amdano, fel arall 0
factor-age-days = dyddiau ers iddo ddechrau
factor-lately = sgyrsiau’r 7 diwrnod diwethaf, heb y rhwydwaith a dyfodd fwyaf
factor-before = yr un peth yr wythnos, yn y 12 wythnos cynt
factor-networks-lately = rhwydweithiau’r 7 diwrnod diwethaf
factor-staying-networks = rhwydweithiau a soniodd amdano mewn 3 wythnos neu fwy
factor-recent-weeks = o’r 12 wythnos ddiwethaf, y rhai â siarad
factor-rate = sgyrsiau’r wythnos dros 12 wythnos, heb y rhwydwaith prysuraf
factor-median-rate = yr un peth ar gyfer y pwnc yn y canol
factor-small-below = bach yw llai na
factor-root-of-posts = ail isradd nifer ei negeseuon
error-title = Gwall: { $title }
operator-runs-for = { $operator } sy’n rhedeg hwn, ar gyfer { $area }.
operator-runs = { $operator } sy’n rhedeg hwn.
run-for = Fe’i rhedir ar gyfer { $area }.

# base.html
skip-to-content = Neidio i’r prif gynnwys
nav-main = Prif lywio
nav-search = Chwilio
nav-topics = Pynciau
nav-map = Map
nav-networks = Rhwydweithiau
nav-register = Ychwanegu eich gwefan
foot-about = Amdanom
foot-privacy = Preifatrwydd
foot-transparency = Tryloywder
foot-bot = I berchnogion gwefannau
foot-api = API
foot-accessibility = Hygyrchedd
foot-promise = Mae { $instance } yn dangos sgyrsiau, byth bobl. Gofynnodd pob rhwydwaith yma am gael ei ganfod, a gall adael ar unwaith.

# part/taken.html
take-it-away = Lawrlwytho:
cite-as = Dyfynnu fel:

# part/topic.html
languages-label = Ieithoedd:
and-more = a { $more } arall
looks-coordinated = Mae rhan o hyn yn edrych wedi’i gydlynu
coordinated-because = { $sign }. { $because }
coordinated-topic = Am ei bwnc: “{ $sign }”.
coordinated-noted = { $note }. { $sign }

# part/voice.html
read-and-reply = Darllen ac ateb yn { $network }
links-to = Mae { $network } yn cysylltu â { $host }

# part/seek.html
how-to-search = Sut i ysgrifennu chwiliad
syntax-both = y gair a’r union ymadrodd
syntax-either = y naill air neu’r llall
syntax-not = hepgor gair
syntax-prefix = geiriau sy’n dechrau felly, o 3 llythyren
syntax-brackets = mae cromfachau’n cadw ynghyd yr hyn sy’n perthyn
syntax-filters = un rhwydwaith, iaith neu fath o wefan
syntax-or = neu
syntax-time = amser

# shared
breadcrumb = Briwsion
crumb-home = Hafan
crumb-topics = Pynciau
crumb-search = Chwilio
crumb-networks = Rhwydweithiau
crumb-register = Ychwanegu eich gwefan
crumb-about = Amdanom
crumb-privacy = Preifatrwydd
crumb-owner = Eich rhwydwaith
first-page = Tudalen gyntaf
pages-label = Tudalennau
as-data = Fel data (JSON)
brief-of = Briff, un dudalen<span class="govuk-visually-hidden">: { $label }</span>
brief-for-board = Briff i fwrdd (un dudalen)
hand-on = Trosglwyddo (Polis, Talk to the City, Decidim)
day-first = neges gyntaf { $day }
day-last = neges olaf { $day }
picture-qr = Cod QR o gyfeiriad y dudalen hon
list-of-hits = Beth a ganfuwyd
list-of-advice = Beth all helpu
list-of-gaps = Beth sydd ar goll o’r siart
foot-list = Ynghylch y wefan hon
list-of-keys = Allwedd
no-date = Dim dyddiad
search-button = Chwilio
table-same = Yr un peth fel tabl
how-fine = Pa mor fanwl
lists-label = Rhestrau

# part/happened.html
happened = Beth ddigwyddodd
happened-none = Does neb wedi dweud eto eu bod wedi clywed hyn.
happened-all = { $count ->
    [1] Y cofnod yn llawn
   *[other] Pob un o’r { $count } cofnod
}
happened-whole = Y cyfan, gyda llofnodion:
happened-earlier = { $count } cynharach:
happened-more-due = A { $count } arall i ddod.
happened-corrected = { $what }, cywirwyd wedyn
happened-correction = { $what }, cywiriad
happened-short = <strong>{ $what }</strong> gan { $by }, { $at }
happened-line = <strong>{ $what }</strong> gan { $by }, { $at }: { $text }
happened-entry = Cofnod
answers-raised = Codwyd gan { $networks }
answers-withdrawn = { $count } wedi’u tynnu’n ôl
answers-absent = { $count } wedi’u hoedi, neu heb ddim ohono yma nawr
answers-told = { $asked ->
    [one] Gofynnodd 1 am gael gwybod drwy fachyn gwe neu’r post hefyd
   *[other] Gofynnodd { $asked } am gael gwybod drwy fachyn gwe neu’r post hefyd
}; { $told ->
    [0] nid yw gan neb eto
    [one] mae gan 1
   *[other] mae gan { $told }
}.
answers-atom = Dilyn drwy Atom
answers-json = JSON Feed
stage-heard = Clywyd
stage-answered = Atebwyd
stage-decided = Penderfynwyd
stage-changed = Newidiwyd
