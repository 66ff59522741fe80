networks-title = نیٹ ورکس
network-title = { $name }، ایک نیٹ ورک
networks-lead = ان میں سے ہر ایک نے خود چاہا کہ اسے ڈھونڈا جائے، اس کا ثبوت دیا، اور فوراً نکل سکتا ہے۔ اور کچھ نہیں پڑھا جاتا۔
networks-no = ابھی کوئی نیٹ ورک نہیں
consent-asked = درخواست کی ہے، ابھی ثبوت نہیں
consent-paused = وقفے پر
consent-lapsed = ختم شدہ
consent-file = سائٹ پر فائل
consent-dns = DNS ریکارڈ
consent-meta = صفحۂ اول پر ٹیگ
consent-profile = پروفائل میں ٹوکن
consent-paper = کاغذ پر
consent-given = دی گئی
by-file = سائٹ پر ایک فائل کے ذریعے
by-dns = DNS ریکارڈ کے ذریعے
by-meta = صفحۂ اول پر ایک ٹیگ کے ذریعے
by-profile = پروفائل میں ٹوکن کے ذریعے
on-paper = کاغذ پر
network-asked = ڈھونڈے جانے کی درخواست کی؛ ابھی تک کوئی ثبوت نہیں دیکھا گیا
network-paused = مالک نے روک رکھا ہے
network-lapsed = ثبوت نظر نہ آ سکا؛ نظر آنے تک چھپا ہوا
network-live = فعال
network-given = { $method } دی گئی
fact-conversations-kept = رکھی گئی گفتگوئیں
fact-posts-kept = رکھی گئی پوسٹیں
too-few = نہیں دکھایا جاتا: یہاں بہت کم لوگ لکھتے ہیں
about-count = تقریباً { $count }
none-count = کوئی نہیں
health-helps = اس سے مدد ملے گی: { $fix }۔
health-well = ٹھیک رہا
health-not-yet = ابھی نہیں دیکھا گیا
health-not-reached = رسائی نہ ہو سکی

# networks.html
networks-heading = نیٹ ورکس
networks-add = اپنی سائٹ شامل کریں
networks-opml = فہرست ڈاؤن لوڈ کریں (OPML)
networks-missing = ہمارا فورم یہاں کیوں نہیں؟
networks-none = ابھی تک کوئی نیٹ ورک شامل نہیں ہوا۔
networks-table = جدول: نیٹ ورکس، افقی سمت میں سرکتا ہے
networks-caption = نیٹ ورک جنہوں نے چاہا کہ انہیں ڈھونڈا جائے
column-network = نیٹ ورک
column-kind = قسم
column-consent = رضامندی
column-conversations = گفتگوئیں
column-last-look = آخری نظر
networks-not-reached-since = { $since } سے <strong>رسائی نہیں ہوئی</strong>
not-yet = ابھی نہیں
networks-next = اگلے نیٹ ورک

# network.html
network-kicker = نیٹ ورک
network-owned = { $kinds }، مالک { $owner }۔ اس نے خود چاہا کہ اسے ڈھونڈا جائے اور فوراً نکل سکتا ہے۔
network-conversations = اس نیٹ ورک کی گفتگوئیں
network-topics = موضوعات جن میں یہ حصہ لیتا ہے
follow-atom = پیروی کریں (Atom)
network-unreachable = <strong>{ $since } سے اس نیٹ ورک تک رسائی نہیں ہو سکی۔</strong> جو دکھایا جا رہا ہے پرانا ہو سکتا ہے، اور چارٹ خلا دکھاتے ہیں۔
network-consent = رضامندی
consent-state = حالت
consent-proof = ثبوت
consent-covers = دائرہ
consent-nothing = ابھی کچھ نہیں
consent-kept-for = رکھنے کی مدت
consent-from-first = ہمارے کسی پوسٹ کو پہلی بار دیکھنے کے دن سے { $days }
consent-registered = اندراج
consent-ends = تجدید نہ ہو تو رضامندی { $expires } کو ختم ہو گی
network-answered = یہاں اٹھائی گئی باتوں کے جواب
network-answered-follow = جوابات کی پیروی کریں (Atom)
network-answer-due = <a href="{ $href }">{ $topic }</a> پر اگلا قدم { $day } تک واجب ہے۔
network-answer-overdue = <a href="{ $href }">{ $topic }</a> پر اگلے قدم میں { $day } سے دیر ہے۔
network-read = ہم وہاں کیا پڑھتے ہیں
network-uploads = جو اس کا مالک اپ لوڈ کرتا ہے
network-uploaded = کسی سائٹ سے کچھ نہیں پڑھا جاتا: اس کا مالک وہ اپ لوڈ کرتا ہے جو آف لائن لکھا گیا۔ کیا یہ آپ کا ہے؟ <a href="/owner/login">لاگ ان کریں</a>۔
network-no-source = کوئی ماخذ نہیں بتایا گیا۔
network-table = جدول: ماخذ، افقی سمت میں سرکتا ہے
network-caption = اس نیٹ ورک کے ماخذ اور ان کا حال
column-source = ماخذ
column-how = کیسا رہا
network-yours = کیا یہ آپ کی سائٹ ہے؟ <a href="/bot#leave">ہم جو پڑھتے ہیں اسے کیسے بدلیں، یا نکلیں</a>، یا <a href="/owner/login">لاگ اِن کریں</a>۔
network-look = ثبوت ابھی دیکھیں
network-anybody = کوئی بھی کہہ سکتا ہے۔ ہم صرف ثبوت کی جگہ دیکھتے ہیں؛ اگر وہ نہ رہا تو جو رکھا ہے فوراً چھپا دیا جاتا ہے۔

# missing.html
missing-empty = کسی سائٹ کا نام لکھیں، جیسے forum.example.org
missing-more-than-host = صرف سائٹ کا نام لکھیں، اس کے بعد کوئی صفحہ، اکاؤنٹ یا کچھ اور نہیں
missing-no-name = یہ ویب پر کسی سائٹ کا نام نہیں، جیسے forum.example.org
missing-social = اس پلیٹ فارم پر ہر چیز کسی کا اکاؤنٹ ہے، اور ہم مالک کے سوا کسی سے اکاؤنٹ نہیں لیتے۔ گروپ سے کہیں کہ خود شامل ہو
missing-limit = آپ جہاں ہیں وہاں سے آج کئی سائٹس کے نام آئے۔ کل پھر آئیں، یا منتظم کو لکھیں
missing-full = حال ہی میں اتنی سائٹس کے نام آئے کہ فہرست بھر گئی۔ اس کے بجائے منتظم کو لکھیں
missing-not-noted = سائٹ درج نہیں ہوئی
missing-noted = <strong><bdi>{ $noted }</bdi> درج کر لی گئی۔</strong> منتظم دیکھتا ہے کہ اس کا نام کتنی بار آیا، اور اس کے مالک کو لکھ سکتا ہے۔ اس کا کچھ نہیں پڑھا جاتا، اور وہ کہیں نہیں دکھائی جاتی، جب تک اس کا مالک نہ کہے۔
missing-here = یہ پہلے سے یہاں ہے:
missing-title = ہمارا فورم یہاں کیوں نہیں؟
missing-lead = یہاں صرف وہ سائٹس ہیں جن کے مالکوں نے چاہا کہ انہیں ڈھونڈا جائے۔ ہم خود کوئی نہیں ڈھونڈتے، اور کوئی دوسرا شامل نہیں کر سکتا۔
missing-yours = اگر یہ آپ کی سائٹ ہے
missing-yours-how = آپ کچھ رکھے جانے سے پہلے عین وہی دیکھتے ہیں جو رکھا جائے گا، اور فوراً نکل سکتے ہیں۔ <a href="/register">اپنی سائٹ شامل کریں</a>
missing-others = اگر یہ کسی اور کی ہے
missing-others-how = جو اسے چلاتا ہے اسے بتائیں کہ <a href="/bot">ہم کیا کرتے ہیں اور کیا نہیں</a>۔ یا یہاں اس کا نام لکھیں: اس سائٹ کا منتظم دیکھتا ہے کہ کن کی کمی سب سے زیادہ محسوس ہوتی ہے، اور ان کے مالکوں کو لکھ سکتا ہے۔
missing-name = سائٹ کا نام
missing-hint = مثلاً forum.example.org: کوئی صفحہ، اکاؤنٹ یا سوشل پلیٹ فارم کا گروپ نہیں
error-prefix = خرابی:
missing-send = ہمیں اس کی کمی ہے
missing-kept = ہم سائٹ کا نام، یہ کہ کتنی بار لیا گیا، اور پہلا اور آخری دن، آخری بار کے 90 دن بعد تک رکھتے ہیں۔ آپ کا ہم کچھ نہیں رکھتے سوائے اس کے کہ آپ کے نیٹ ورک کے حصے سے یہ کتنی بار آیا، یادداشت میں زیادہ سے زیادہ ڈیڑھ دن۔

network-serves = علاقے:
network-says = ، جیسا مالک بتاتا ہے۔
