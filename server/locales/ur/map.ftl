map-title = موضوعات کا نقشہ
map-none-found = اس نقشے کے کسی موضوع کے نام یا الفاظ میں “{ $q }” نہیں۔
map-due = { $day } تک واجب
map-overdue = { $day } سے دیر ہے
map-sign-answered = جواب، فیصلہ یا تبدیلی
map-sign-heard = سنا گیا، اس سے آگے کچھ نہیں
map-sign-due = اگلا قدم واجب ہے
map-sign-overdue = اگلے قدم میں دیر ہے
map-not-answered = ابھی نہیں
column-answers = جوابات
map-list-none = کوئی نہیں
map-heading = موضوعات کا نقشہ
map-zoom = زوم
map-find-topic = نقشے پر موضوع ڈھونڈیں
map-find = ڈھونڈیں
map-skip = تصویر چھوڑیں، جدول پڑھیں
map-no-list = تینوں میں سے کسی فہرست میں نہیں
map-empty = اس سطح پر ابھی بنانے کو کوئی موضوع نہیں: موضوع تب دکھایا جاتا ہے جب کم از کم { $enough } حصہ لیں، اور جب اس کا کوئی عنوان ہو۔
map-region = موضوعات کا نقشہ، افقی سمت میں سرکتا ہے
map-no-subject = کسی وسیع تر عنوان میں نہیں
map-all-topics = تمام موضوعات
map-letters = { $count ->
    [one] حرف والا دائرہ
   *[other] حرف والے { $count } دائرے
}
map-point = ہر موضوع اپنے دو مضبوط ترین تعلق دکھاتا ہے۔ کسی موضوع پر اشارہ کریں، یا Tab سے اس تک پہنچیں، تاکہ اس کے پڑوسی اور تعلق کی وجہ نظر آئے۔
map-one-week = ایک ہفتے کا نقشہ
map-week-of-map = نقشے کا ہفتہ
map-week = { $start } کا ہفتہ، { $posts }
map-places = جگہیں وہی رہتی ہیں، دائرے اتنے بڑے ہیں جتنا اس ہفتے لکھا گیا۔
map-all-weeks = تمام ہفتے ایک ساتھ
map-drawn = { $drawn } کو بنایا گیا۔ ایک ہی ڈیٹا ہمیشہ ایک ہی نقشہ بناتا ہے۔ { $too-small } گراف ساتھ لے جائیں:
map-table = نقشہ بطور جدول
map-table-region = جدول: موضوعات اور ان کے سب سے متعلقہ موضوعات، افقی سمت میں سرکتا ہے
map-caption = موضوعات بلحاظ عنوان، اور وہ جن سے ہر ایک کا سب سے زیادہ تعلق ہے
column-subject = عنوان
column-list = فہرست
column-networks = نیٹ ورکس
column-related = سب سے متعلقہ موضوعات، اور کیوں
map-found = { $topics } جن کے نام یا الفاظ میں “{ $q }” ہے، نقشے پر حلقے میں:
map-circle = بڑا دائرہ یعنی زیادہ گفتگوئیں
map-circle-week = بڑا دائرہ یعنی { $day } کے ہفتے میں زیادہ پوسٹیں
map-lead = { $topics }{ $subjects ->
    [0] {""}
    [one] {" "}1 عنوان میں
   *[other] {" "}{ $subjects } عنوانات میں
}۔ قریب یعنی مماثل؛ { $circle }؛ موٹی لکیر یعنی مضبوط تعلق۔
map-posts = { $count } پوسٹیں
