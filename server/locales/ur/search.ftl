search-nothing = کوئی گفتگو نہیں ملی
search-found-at = { $networks } پر { $conversations }{ $copies }
search-found = { $conversations } ملیں
sort-best = بہترین مماثلت
sort-newest = نئی پہلے
sort-oldest = پرانی پہلے
interval-days = دن
interval-weeks = ہفتے
interval-months = مہینے
search-follow-atom = Atom فیڈ سے پیروی کریں
preset-days = 7 دن
preset-weeks = 4 ہفتے
preset-months = 12 ہفتے
preset-any = کبھی بھی
download-xlsx = جدول (Excel، LibreOffice)
download-csv = جدول (CSV)
download-references = حوالوں کی فہرست
download-ndjson = ڈیٹا (NDJSON)
search-most-words = ایسی گفتگوئیں کم یا بالکل نہیں جن میں آپ کے سب الفاظ ہوں۔ ان میں { $of } میں سے کم از کم { $required } ہیں۔
search-some-words = ایسی گفتگوئیں کم یا بالکل نہیں جن میں آپ کے سب الفاظ ہوں۔ ان میں کچھ ہیں۔
search-all-of = { $total }، سب
search-some-of = { $total } میں سے { $count }
facet-language = زبان
facet-kind = سائٹ کی قسم
column-topic = موضوع
empty-anywhere = {""}
empty-in = {" "}{ $languages } میں
empty-ever = {""}
empty-since = {" "}{ $day } سے
empty-before = {" "}{ $day } سے پہلے
empty-between = {" "}{ $first } اور { $last } کے درمیان
empty-found = ہمارے پاس{ $narrowed }{ $when } کچھ مماثل نہیں۔ ہم صرف وہی نیٹ ورک دیکھتے ہیں جنہوں نے چاہا کہ انہیں ڈھونڈا جائے؛ دوسری جگہوں پر اس کی بات ہو سکتی ہے۔
advice-dates = تمام تاریخوں میں تلاش کریں
advice-languages = تمام زبانوں میں تلاش کریں
advice-networks = تمام نیٹ ورکس میں تلاش کریں
advice-topics = تمام موضوعات میں تلاش کریں
advice-look = دیکھیں لوگ کس بارے میں بات کر رہے ہیں
copies-show = { $count ->
    [1] دوسری دکھائیں
   *[other] اس صفحے کی باقی { $count } دکھائیں
}
search-unread = تلاش پڑھی نہیں جا سکتی
compare-before = پچھلی مدت سے موازنہ
compare-lately = پچھلے { $days } دن کا اس سے پہلے کے { $days } سے موازنہ
compare-another = کسی اور تلاش سے موازنہ

# search.html
search-heading = گفتگوئیں تلاش کریں<span class="govuk-visually-hidden">: ڈھونڈنے کے الفاظ، کسی بھی زبان میں</span>
search-time = وقت
search-meant = کیا آپ کا مطلب تھا
search-follow = <a class="tap" href="{ $atom }">اس تلاش کی پیروی کریں</a>: جب پہلی گفتگو آئے تو Atom فیڈ آپ کو بتا دیتی ہے
search-filters = فلٹر
search-over-time = وقت کے ساتھ
search-languages = وہی بات، دوسری زبانوں میں
search-by-language = ان الفاظ کے ساتھ:
search-words-only = الفاظ الفاظ ہی ڈھونڈتے ہیں: جو وہی بات دوسرے الفاظ یا دوسری زبان میں کہے وہ نہیں ملتا۔ کوئی موضوع انہیں جوڑ سکتا ہے۔
search-by-meaning = معنی کے لحاظ سے، اس سائٹ کی مشین نے ڈھونڈا؛ کسی چیز کا ترجمہ نہیں ہوتا۔
search-take = ساتھ لے جائیں
search-results = نتائج
search-related = متعلقہ، اور کیوں<span class="govuk-visually-hidden">: { $title }</span>
search-pages = نتائج کے صفحات
search-next = اگلے نتائج
search-when = لوگ کب بات کر رہے تھے
search-bar = ڈنڈے کی چوڑائی
search-sheet = چھاپنے کا صفحہ
search-narrow = محدود کریں
search-bigger = بڑا، اور بطور جدول
search-active = کب سرگرم تھی
search-from = سے
search-before = سے پہلے
search-apply = فلٹر لگائیں
search-clear = سب ہٹائیں

# search_error.html
search-words = ڈھونڈنے کے الفاظ، کسی بھی زبان میں
search-wrote = آپ نے لکھا:
search-marked = (نشان زدہ: حرف { $column })
search-instead = اس کے بجائے یہ الفاظ تلاش کریں

facet-area = نیٹ ورک کا علاقہ
advice-areas = تمام علاقوں میں تلاش کریں

# alertmail.html
alert-mail-heading = نئی باتیں ای میل سے پائیں
alert-mail-what = اب سے جو کچھ ملے، ایک ای میل میں، اور کچھ نہ ملے تو کوئی نہیں۔ آپ کی تلاش آپ کے پتے کے ساتھ رکھی جاتی ہے، جب تک آپ بند نہ کریں۔
alert-mail-every = زیادہ سے زیادہ کتنی بار
alert-mail-day = ہر روز
alert-mail-week = ہر پیر کو
alert-mail-asked-lead = اگر اس پتے پر یہ ای میلیں پہلے سے نہیں جاتیں تو ایک لنک والی ای میل راستے میں ہے۔ جب تک وہاں کوئی ہاں نہ کہے اور کچھ نہیں بھیجا جاتا۔ ہاں کے بغیر پتہ تلاش سمیت تین دن بعد مٹا دیا جاتا ہے۔
