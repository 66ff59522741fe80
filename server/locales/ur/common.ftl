page-in-english = یہ صفحہ صرف انگریزی میں ہے۔
languages-of-pages = ان صفحات کی زبان
machine-made = یہ الفاظ مشین نے ترجمہ کیے ہیں اور کسی اہلِ زبان نے ان کی جانچ نہیں کی۔
moment = { $day } کو { $time } { $half ->
    [am] صبح
   *[pm] شام
}
enough = { $networks } نیٹ ورک یا { $voices } آوازیں
count-networks = { $count } نیٹ ورک
and-nearly-the-same = {" "}(اور { $count } تقریباً یکساں)
count-conversations = { $count } { $count ->
    [one] گفتگو
   *[other] گفتگوئیں
}
some-conversations = { $count ->
    [0] کوئی گفتگو نہیں
    [one] 1 گفتگو
   *[other] { $count } گفتگوئیں
}
count-topics = { $count } { $count ->
    [one] موضوع
   *[other] موضوعات
}
count-posts = { $count } { $count ->
    [one] پوسٹ
   *[other] پوسٹیں
}
count-weeks = { $count } { $count ->
    [one] ہفتے
   *[other] ہفتوں
}
count-days = { $count } دن
count-voices = { $count } { $count ->
    [one] آواز
   *[other] آوازیں
}
two-sentences = { $first } { $last }
list-two = { $first } اور { $last }
list-more = { $first }، { $rest }
too-small = { $count ->
    [0] کوئی موضوع اتنا چھوٹا نہیں کہ دکھایا نہ جا سکے۔
    [one] 1 موضوع اتنا چھوٹا ہے کہ دکھایا نہیں جا سکتا۔
   *[other] { $count } موضوعات اتنے چھوٹے ہیں کہ دکھائے نہیں جا سکتے۔
}
odds-one-in = { $count } میں 1
odds-tiny = 1,000,000 میں 1 سے بھی کم
rank-emerging = ابھرتے ہوئے
rank-enduring = دیرپا
rank-quiet = خاموش مگر مستقل
rank-emerging-in = ابھرتے ہوئے
rank-enduring-in = دیرپا
rank-quiet-in = خاموش
rank-quiet-within = خاموش مگر مستقل
rank-emerging-why = زیادہ سے زیادہ 30 دن پرانے، یا پہلے سے تین گنا زیادہ، کئی جگہوں پر۔
rank-enduring-why = ہفتہ بہ ہفتہ، 3 یا زیادہ نیٹ ورکس میں، 12 یا زیادہ ہفتوں سے۔
rank-quiet-why = چھوٹے، مگر 3 یا زیادہ نیٹ ورکس میں 12 یا زیادہ ہفتوں سے۔
kind-feed = خبروں یا بلاگ کی فیڈ
kind-blog = تبصروں والا بلاگ
kind-forum = فورم
kind-account = سوشل اکاؤنٹ
kind-links = لنکس کا فورم
kind-list = ای میل فہرست
kind-site = کمیونٹی سائٹ
kind-events = تقریبات
kind-notes = آف لائن لکھے گئے نوٹ
kind-feed-in = خبروں یا بلاگ کی فیڈ
kind-blog-in = تبصروں والا بلاگ
kind-forum-in = فورم
kind-account-in = سوشل اکاؤنٹ
kind-links-in = لنکس کا فورم
kind-list-in = ای میل فہرست
kind-site-in = کمیونٹی سائٹ
kind-events-in = تقریبات
kind-notes-in = آف لائن لکھے گئے نوٹ
kind-by = { $kind } ({ $software })
kind-none = نیٹ ورک
because-times = پہلے کے ایک ہفتے سے { $times } گنا بات
because-young = { $networks } سے { $days } میں
because-since = { $day } سے بات ہو رہی ہے
because-weeks = { $weeks } میں سرگرم
because-enduring-since = { $day } سے
because-quiet-weeks = { $weeks } میں تھوڑی تھوڑی بات
because-quiet-since = { $day } سے تھوڑی تھوڑی بات
copies-same = { $count } تقریباً ایک جیسی، { $networks }
copies-one-network = ایک نیٹ ورک
copies-also = { $networks } پر بھی
other-networks = { $count } اور نیٹ ورک
topic-note = { $list }، { $networks }
why-times = پچھلے 7 دنوں میں اس بارے میں اس سے پہلے کے 12 ہفتوں کے ایک ہفتے سے { $times } گنا بات ہوئی، سب سے زیادہ بڑھنے والے نیٹ ورک کو چھوڑ کر۔
why-no-more = اس بارے میں حال ہی میں پچھلے مہینوں سے زیادہ بات نہیں ہو رہی۔
why-because = { $because }۔
why-quiet = { $weeks } میں بات ہوئی؛ کل جتنی کم بات، اتنا خاموش۔
factor-short-rate = فی ہفتہ بات، پچھلے دنوں کی
factor-long-rate = فی ہفتہ بات، پچھلے مہینوں کی
factor-prior = دونوں میں جمع، تاکہ دو پوسٹیں لہر نہ بن جائیں
factor-log-ratio = اضافہ: ایک کو دوسرے پر تقسیم کر کے ln
factor-active-weeks = سرگرم ہفتے
factor-corroborated-weeks = ہفتے؛ جن میں صرف ایک نیٹ ورک ہو وہ دسواں حصہ گنے جاتے ہیں
factor-effective-networks = نیٹ ورکس کی مؤثر تعداد
factor-corroborated = 1 جہاں دو یا زیادہ نیٹ ورک اس پر بات کریں، ورنہ 0
factor-age-days = شروع ہوئے کتنے دن ہوئے
factor-lately = پچھلے 7 دن کی گفتگوئیں، سب سے زیادہ بڑھنے والے نیٹ ورک کے بغیر
factor-before = وہی فی ہفتہ، اس سے پہلے کے 12 ہفتوں میں
factor-networks-lately = پچھلے 7 دن کے نیٹ ورک
factor-staying-networks = نیٹ ورک جنہوں نے 3 یا زیادہ ہفتوں میں اس پر بات کی
factor-recent-weeks = پچھلے 12 ہفتوں میں سے وہ جن میں بات ہوئی
factor-rate = 12 ہفتوں میں فی ہفتہ گفتگوئیں، سب سے مصروف نیٹ ورک کے بغیر
factor-median-rate = وہی، درمیان والے موضوع کے لیے
factor-small-below = چھوٹا یعنی اس سے کم
factor-root-of-posts = اس کی پوسٹوں کا جذر
error-title = خرابی: { $title }
operator-runs-for = اسے { $operator } چلاتا ہے، { $area } کے لیے۔
operator-runs = اسے { $operator } چلاتا ہے۔
run-for = یہ { $area } کے لیے چلایا جاتا ہے۔

# base.html
skip-to-content = سیدھے اصل مواد پر جائیں
nav-main = مرکزی فہرست
nav-search = تلاش
nav-topics = موضوعات
nav-map = نقشہ
nav-networks = نیٹ ورکس
nav-register = اپنی سائٹ شامل کریں
foot-about = ہمارے بارے میں
foot-privacy = رازداری
foot-transparency = شفافیت
foot-bot = سائٹ مالکان کے لیے
foot-api = API
foot-accessibility = رسائی
foot-promise = { $instance } گفتگوئیں دکھاتا ہے، لوگ کبھی نہیں۔ یہاں ہر نیٹ ورک نے خود چاہا کہ اسے ڈھونڈا جا سکے، اور فوراً نکل بھی سکتا ہے۔

# part/taken.html
take-it-away = ساتھ لے جائیں:
cite-as = حوالہ:

# part/topic.html
languages-label = زبانیں:
and-more = اور { $more } مزید
looks-coordinated = اس کا کچھ حصہ منظم معلوم ہوتا ہے
coordinated-because = { $sign }۔ { $because }
coordinated-topic = اس کے موضوع کے بارے میں: “{ $sign }”۔
coordinated-noted = { $note }۔ { $sign }

# part/voice.html
read-and-reply = { $network } پر پڑھیں اور جواب دیں
links-to = { $network } کا ربط { $host } کی طرف ہے

# part/seek.html
how-to-search = تلاش کیسے لکھیں
syntax-both = لفظ بھی اور عین یہی فقرہ بھی
syntax-either = دونوں میں سے کوئی لفظ
syntax-not = کوئی لفظ چھوڑ دیں
syntax-prefix = جو الفاظ یوں شروع ہوں، کم از کم 3 حروف
syntax-brackets = قوسین ساتھ والی چیزوں کو ساتھ رکھتے ہیں
syntax-filters = ایک نیٹ ورک، زبان یا سائٹ کی قسم
syntax-or = یا
syntax-time = وقت

# shared
breadcrumb = راستہ
crumb-home = صفحۂ اول
crumb-topics = موضوعات
crumb-search = تلاش
crumb-networks = نیٹ ورکس
crumb-register = اپنی سائٹ شامل کریں
crumb-about = ہمارے بارے میں
crumb-privacy = رازداری
crumb-owner = آپ کا نیٹ ورک
first-page = پہلا صفحہ
pages-label = صفحات
as-data = بطور ڈیٹا (JSON)
brief-of = خلاصہ، ایک صفحہ<span class="govuk-visually-hidden">: { $label }</span>
brief-for-board = بورڈ کے لیے خلاصہ (ایک صفحہ)
hand-on = آگے پہنچائیں (Polis، Talk to the City، Decidim)
day-first = پہلی پوسٹ { $day }
day-last = آخری پوسٹ { $day }
picture-qr = اس صفحے کے پتے کا QR کوڈ
list-of-hits = کیا ملا
list-of-advice = کیا مدد دے سکتا ہے
list-of-gaps = چارٹ میں کیا نہیں
foot-list = اس سائٹ کے بارے میں
list-of-keys = کلید
no-date = تاریخ نہیں
search-button = تلاش کریں
table-same = یہی بطور جدول
how-fine = کتنا باریک
lists-label = فہرستیں

# part/happened.html
happened = کیا ہوا
happened-none = ابھی تک کسی نے نہیں کہا کہ اس نے یہ سنا ہے۔
happened-all = { $count ->
    [1] پورا اندراج
   *[other] تمام { $count } اندراجات
}
happened-whole = سب کچھ، دستخطوں کے ساتھ:
happened-earlier = { $count } پہلے کے:
happened-more-due = اور { $count } مزید واجب ہیں۔
happened-corrected = { $what }، بعد میں درست کیا گیا
happened-correction = { $what }، درستی
happened-short = <strong>{ $what }</strong>، { $by } کی طرف سے، { $at }
happened-line = <strong>{ $what }</strong>، { $by } کی طرف سے، { $at }: { $text }
happened-entry = اندراج
answers-raised = { $networks } نے اٹھایا
answers-withdrawn = { $count } واپس لے لیے گئے
answers-absent = { $count } رکے ہوئے، یا جن کا اب یہاں کچھ نہیں
answers-told = { $asked ->
    [one] 1 نے ویب ہُک یا ای میل سے بھی خبر مانگی
   *[other] { $asked } نے ویب ہُک یا ای میل سے بھی خبر مانگی
}؛ { $told ->
    [0] ابھی کسی کو نہیں ملی
    [one] 1 کو مل گئی
   *[other] { $told } کو مل گئی
}۔
answers-atom = Atom سے پیروی کریں
answers-json = JSON Feed
stage-heard = سنا گیا
stage-answered = جواب دیا گیا
stage-decided = فیصلہ ہوا
stage-changed = تبدیلی آئی
