conversation-title = { $title }, yn { $network }
related-conversations = { $count } sgwrs gysylltiedig
copies-elsewhere = Cedwir { $count } testun bron yn union yr un fath, yma neu mewn { $networks }. Maent yn cyfrif unwaith.
copies-here = Cedwir { $count } testun bron yn union yr un fath yn yr un rhwydwaith. Maent yn cyfrif unwaith.
copies-said-again = Dywedwyd fwy nag unwaith
proof-given = perchennog { $site }, { $method }
purpose-search = chwilio
purpose-topics = pynciau

# conversation.html
conversation-at = Sgwrs yn <strong>{ $network }</strong>
conversation-started = Neges gyntaf { $started }
conversation-last-active = Neges olaf { $last-active }
conversation-extract = Detholiad o 300 nod ar y mwyaf yw hwn. Tynnwyd manylion personol ohono cyn i ni ei gadw. Mae’r gweddill ar wefan y rhwydwaith ei hun.
conversation-whole = Dyma’r cyfan, fel y’i cofnodwyd all-lein. Tynnwyd manylion personol cyn i ni ei gadw.
conversation-no-text = Nid oes testun y gallwn ei ddangos. Mae’r sgwrs ar wefan y rhwydwaith ei hun.
conversation-no-address = Ni roddodd y rhwydwaith gyfeiriad gwe y gallem gysylltu ag ef.
conversation-consent = Cedwir o dan gydsyniad <strong>{ $network }</strong>
conversation-see-proof = gweld y prawf
conversation-related = Sgyrsiau cysylltiedig, a pham
conversation-no-related = Ni wyddom am sgwrs gysylltiedig eto. Chwilir am rai newydd wrth iddynt ddod i mewn.
conversation-never-merged = Rydym yn cysylltu sgyrsiau a byth yn eu huno. Mae pob un yn aros lle’r ysgrifennwyd hi.
conversation-more = Mwy o’r { $related-total }
conversation-at-host = yn { $words }
conversation-paths = Sut mae hi wedi’i chysylltu ag un arall?
conversation-topics = Pynciau y mae’n perthyn iddynt
conversation-no-topic = Dim un a restrir: mae ar bwnc angen o leiaf { $enough }, a thestun.
conversation-proof = Prawf o gydsyniad
proof-by = Rhoddwyd gan
proof-for = Ar gyfer
proof-kept-for = { $purposes }, yn
proof-uploaded = yr hyn y mae ei berchennog yn ei lanlwytho yma
proof-days = , cedwir am { $days }
proof-last-seen = Gwelwyd ddiwethaf
proof-seen = { $seen }, daw i ben { $expires }
proof-what = Beth a welwyd
proof-entry = Cofnod yn y llyfr
proof-check = gwiriwch ef eich hun
proof-none = Ni ellir dangos y prawf ar hyn o bryd.
conversation-object = A ysgrifennoch chi hwn, neu a yw amdanoch chi? Gofynnwch i’r rhwydwaith ei newid neu ei dynnu: edrychwn eto a dilyn. Gallwch hefyd <a href="/object?post={ $href }">ofyn i ni ei guddio</a>; nid oes angen cyfrif arnoch.
conversation-object-notes = Ai chi a ddywedodd hyn, neu a yw amdanoch chi? Gofynnwch i’r rhwydwaith ei gymryd yn ôl. Gallwch hefyd <a href="/object?post={ $href }">ofyn i ni ei guddio</a>; nid oes angen cyfrif arnoch.
