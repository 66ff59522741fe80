networks-title = Rhwydweithiau
network-title = { $name }, rhwydwaith
networks-lead = Gofynnodd pob un o’r rhain am gael ei ganfod, profodd hynny, a gall adael ar unwaith. Ni ddarllenir dim arall.
networks-no = Dim rhwydweithiau eto
consent-asked = wedi gofyn, dim prawf eto
consent-paused = wedi’i oedi
consent-lapsed = wedi dod i ben
consent-file = ffeil ar y wefan
consent-dns = cofnod DNS
consent-meta = tag ar y dudalen gartref
consent-profile = tocyn yn y proffil
consent-paper = ar bapur
consent-given = wedi’i roi
by-file = drwy ffeil ar y wefan
by-dns = drwy gofnod DNS
by-meta = drwy dag ar y dudalen gartref
by-profile = drwy docyn yn y proffil
on-paper = ar bapur
network-asked = gofynnodd am gael ei ganfod; ni welwyd prawf eto
network-paused = wedi’i oedi gan ei berchennog
network-lapsed = ni ellid gweld y prawf; wedi’i guddio nes y gellir
network-live = yn fyw
network-given = rhoddwyd { $method }
fact-conversations-kept = sgyrsiau a gedwir
fact-posts-kept = negeseuon a gedwir
too-few = heb ei ddangos: rhy ychydig o bobl sy’n ysgrifennu yma
about-count = tua { $count }
none-count = dim
health-helps = Beth sy’n helpu: { $fix }.
health-well = Aeth yn dda
health-not-yet = Heb edrych arno eto
health-not-reached = Ni ellid ei gyrraedd

# networks.html
networks-heading = Rhwydweithiau
networks-add = Ychwanegu eich gwefan
networks-opml = Lawrlwytho’r rhestr (OPML)
networks-missing = Pam nad yw ein fforwm ni yma?
networks-none = Nid oes yr un rhwydwaith wedi ymuno eto.
networks-table = Tabl: rhwydweithiau, yn sgrolio i’r ochr
networks-caption = Rhwydweithiau a ofynnodd am gael eu canfod
column-network = Rhwydwaith
column-kind = Math
column-consent = Cydsyniad
column-conversations = Sgyrsiau
column-last-look = Edrychiad diwethaf
networks-not-reached-since = <strong>Heb ei gyrraedd</strong> ers { $since }
not-yet = ddim eto
networks-next = Rhwydweithiau nesaf

# network.html
network-kicker = Rhwydwaith
network-owned = { $kinds }. Perchennog: { $owner }. Gofynnodd am gael ei ganfod a gall adael ar unwaith.
network-conversations = Sgyrsiau’r rhwydwaith hwn
network-topics = Pynciau y mae’n cymryd rhan ynddynt
follow-atom = Dilyn (Atom)
network-unreachable = <strong>Ni ellid cyrraedd y rhwydwaith hwn ers { $since }.</strong> Gall yr hyn a ddangosir fod wedi dyddio, ac mae siartiau’n dangos bwlch.
network-consent = Cydsyniad
consent-state = Cyflwr
consent-proof = Prawf
consent-covers = Yn cwmpasu
consent-nothing = dim eto
consent-kept-for = Cedwir am
consent-from-first = { $days } o’r diwrnod y gwelsom neges gyntaf
consent-registered = Cofrestrwyd
consent-ends = daw’r cydsyniad i ben { $expires } oni chaiff ei adnewyddu
network-answered = Atebion i’r hyn a godwyd yma
network-answered-follow = Dilyn yr atebion (Atom)
network-answer-due = Ar <a href="{ $href }">{ $topic }</a> mae’r cam nesaf i ddod erbyn { $day }.
network-answer-overdue = Ar <a href="{ $href }">{ $topic }</a> mae’r cam nesaf yn hwyr ers { $day }.
network-read = Beth rydym yn ei ddarllen yno
network-uploads = Yr hyn y mae ei berchennog yn ei lanlwytho
network-uploaded = Ni ddarllenir dim o unrhyw wefan: mae ei berchennog yn lanlwytho’r hyn a gofnodwyd all-lein. Ai chi piau ef? <a href="/owner/login">Mewngofnodi</a>.
network-no-source = Nid oes ffynhonnell wedi’i datgan.
network-table = Tabl: ffynonellau, yn sgrolio i’r ochr
network-caption = Ffynonellau’r rhwydwaith hwn a sut maent yn gwneud
column-source = Ffynhonnell
column-how = Sut aeth hi
network-yours = Ai eich gwefan chi yw hon? <a href="/bot#leave">Sut i newid beth rydym yn ei ddarllen, neu adael</a>, neu <a href="/owner/login">mewngofnodwch</a>.
network-look = Edrych ar y prawf nawr
network-anybody = Caiff unrhyw un ofyn. Edrychwn ar le’r prawf yn unig; os yw wedi mynd, cuddir yr hyn a gedwir ar unwaith.

# missing.html
missing-empty = Ysgrifennwch enw gwefan, megis forum.example.org
missing-more-than-host = Ysgrifennwch enw’r wefan yn unig, heb dudalen, cyfrif na dim arall ar ei ôl
missing-no-name = Nid enw gwefan yw hwn, megis forum.example.org
missing-social = Ar y platfform hwn cyfrif rhywun yw popeth, ac ni chymerwn gyfrif gan neb ond ei berchennog. Gofynnwch i’r grŵp ychwanegu ei hun
missing-limit = Enwyd sawl gwefan o’r lle rydych chi heddiw. Dewch eto yfory, neu ysgrifennwch at y gweithredwr
missing-full = Enwyd cynifer o wefannau’n ddiweddar fel bod y rhestr yn llawn. Ysgrifennwch at y gweithredwr yn lle hynny
missing-not-noted = Ni nodwyd y wefan
missing-noted = <strong>Nodwyd <bdi>{ $noted }</bdi>.</strong> Mae’r gweithredwr yn gweld pa mor aml yr enwyd hi, a gall ysgrifennu at ei pherchennog. Ni ddarllenir dim ohoni, ac ni ddangosir hi yn unman, oni bai bod ei pherchennog yn gofyn am hynny.
missing-here = Mae hi yma eisoes:
missing-title = Pam nad yw ein fforwm ni yma?
missing-lead = Dim ond gwefannau y gofynnodd eu perchnogion am gael eu canfod sydd yma. Nid ydym yn chwilio am yr un ein hunain, ac ni all neb arall ychwanegu un.
missing-yours = Os eich gwefan chi ydyw
missing-yours-how = Gwelwch yn union beth a gedwid cyn cadw dim, a gallwch adael ar unwaith. <a href="/register">Ychwanegu eich gwefan</a>
missing-others = Os gwefan rhywun arall ydyw
missing-others-how = Dywedwch wrth bwy bynnag sy’n ei rhedeg am <a href="/bot">yr hyn a wnawn ac na wnawn</a>. Neu enwch hi yma: mae gweithredwr y wefan hon yn gweld pa rai y gwelir eu heisiau fwyaf, a gall ysgrifennu at eu perchnogion.
missing-name = Enw’r wefan
missing-hint = Er enghraifft forum.example.org: dim tudalen, dim cyfrif, dim grŵp ar blatfform cymdeithasol
error-prefix = Gwall:
missing-send = Rydym yn gweld ei heisiau
missing-kept = Cadwn enw’r wefan, pa mor aml yr enwyd hi, a’r diwrnod cyntaf a’r olaf, tan 90 diwrnod ar ôl y tro diwethaf. Ni chadwn ddim amdanoch chi ond, yn y cof am ddiwrnod a hanner ar y mwyaf, pa mor aml y daeth hynny o’ch rhan chi o’r rhwydwaith.

network-serves = Yn gwasanaethu
network-says = , fel y dywed ei berchennog.
