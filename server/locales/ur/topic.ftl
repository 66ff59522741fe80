topic-title = { $label }، ایک موضوع
topic-place = ، { $of } میں سے { $place }
topic-all = سب { $conversations }
topic-aliases = { $count ->
    [one] 1 پرانا پتہ اب بھی یہاں لاتا ہے۔
   *[other] { $count } پرانے پتے اب بھی یہاں لاتے ہیں۔
}
topic-unknown-none = ان ہفتوں میں کوئی پوسٹ نہیں، یا کسی معلوم زبان میں نہیں
topic-unknown-language = { $languages } میں لکھتا ہے، جس میں یہ موضوع ابھی نہیں ڈھونڈا جا سکتا
topic-bridge = اس کے بغیر { $networks } باقی سے جڑے نہ ہوتے
topic-rank-at = { $title }: { $of } میں سے { $place }
topic-rank-not = { $title }: اس فہرست میں نہیں
topic-born = آغاز
topic-grew = دگنا ہو گیا
topic-merged-one = ایک اور موضوع سے ضم ہوا
topic-merged-many = { $others } سے ضم ہوا
topic-merged = ان سے ضم ہوا
topic-split-one = ایک اور موضوع سے الگ ہوا
topic-split-many = { $others } سے الگ ہوا
topic-split = ان سے الگ ہوا
topic-renamed = نیا نام ملا
topic-renamed-was = نیا نام ملا؛ پہلے “{ $was }” کہلاتا تھا
topic-faded = مدھم پڑ گیا: کچھ عرصے سے کسی نے بات نہیں کی
topic-others = { $count } اور { $count ->
    [one] موضوع
   *[other] موضوعات
}
topic-welcome = { $welcoming ->
    [0] ان { $networks } میں سے کسی نے نہیں کہا کہ نئے آنے والوں کا خیر مقدم ہے۔
    [one] ان { $networks } میں سے 1 نے کہا ہے کہ نئے آنے والوں کا خیر مقدم ہے۔
   *[other] ان { $networks } میں سے { $welcoming } نے کہا ہے کہ نئے آنے والوں کا خیر مقدم ہے۔
}
serves-areas = { $count } علاقوں کے لیے
serves = { $areas } کے لیے
topic-warned = { $networks ->
    [one] 1 نیٹ ورک بات کر رہا ہے
   *[other] { $networks } نیٹ ورک بات کر رہے ہیں
}

# topic.html
topic-kicker = موضوع{ $place }
topic-no-list = موضوع، آج کسی فہرست میں نہیں
topic-voices = لوگ کیا کہتے ہیں
topic-no-voices = کوئی گفتگو اس موضوع کے مرکز کے اتنی قریب نہیں کہ اس کی ترجمانی کرے، یا کسی کا اقتباس نہیں لیا جا سکتا۔
topic-quotes = فی نیٹ ورک ایک اقتباس، زیادہ سے زیادہ 300 حروف، جیسا لکھا گیا: موضوع کے مرکز کے قریب ترین جو ایک دوسرے سے مختلف ہوں۔ ذاتی تفصیلات کچھ بھی رکھنے سے پہلے نکال دی گئیں۔
topic-about = اس موضوع کے بارے میں
topic-warning = پیشگی انتباہ
topic-warning-odds = عام ہفتے میں اتنی بات کا امکان: { $networks } اس پر معمول سے زیادہ۔ <a href="/topics/warnings">انتباہ کی اہمیت</a>
topic-coordinated = { $because } ہم بتاتے ہیں کہ کیا دیکھا گیا، کبھی نہیں کہ کون۔ تقریباً یکساں متن ایک بار گنے جاتے ہیں۔ <a href="/about#coordinated">ہم یہ کیسے پہچانتے ہیں</a>
topic-take = اپنے ساتھ لے جائیں
topic-follow = اس موضوع کی پیروی کریں (Atom)
topic-search = اس کے اندر تلاش کریں
topic-on-page = اس صفحے پر
topic-join-link = کہاں شامل ہوں
topic-when-link = کب اور کہاں
topic-could-link = کون بول سکتا ہے اور نہیں بولتا
topic-how-link = یہ اس فہرست میں کیوں ہے
topic-conversations-link = گفتگوئیں
topic-history-link = تاریخ
topic-also = ان زبانوں میں بھی بات ہو رہی ہے
topic-not-translated = کچھ ترجمہ نہیں کیا جاتا۔
topic-join = کہاں شامل ہوں
topic-no-account = پڑھنے کے لیے ان میں سے کسی پر اکاؤنٹ ضروری نہیں۔
topic-quotes-lead = اوپر کا ہر اقتباس وہیں لے جاتا ہے جہاں بات کہی گئی۔
topic-look-here = پہلے اسے یہاں دیکھیں<span class="govuk-visually-hidden">: { $title }</span>
topic-threads = وہ سلسلے جن میں پچھلے چار ہفتوں میں جواب آئے۔ جنہیں ان کی سائٹ بند بتاتی ہے وہ چھوڑ دیے گئے۔
topic-no-threads = اس موضوع کے ان کے کسی کھلے سلسلے میں پچھلے چار ہفتوں میں کوئی جواب نہیں آیا۔
topic-near = قریبی موضوعات، اور کیوں
topic-connected = یہ کیسے جڑے ہیں<span class="govuk-visually-hidden">: { $label }</span>
topic-within = یہ <a class="tap" href="{ $href }">{ $label }</a> ({ $note }) کے اندر ہے۔
topic-finer = اس کے اندر باریک موضوعات
topic-when = کب اور کہاں
topic-over-time = تمام نیٹ ورک، وقت کے ساتھ
topic-networks-table = جدول: حصہ لینے والے نیٹ ورک
topic-networks = حصہ لینے والے نیٹ ورک
mentions-unknown = اس وقت بہت سی لمبی تلاشیں چل رہی ہیں، اس لیے ان نیٹ ورکس کو نہیں ڈھونڈا جا سکا جو کسی موضوع کا نام لیتے ہیں۔ لہٰذا یہاں کسی کو خاموش نہیں کہا گیا؛ ایک منٹ بعد صفحہ دوبارہ کھولیں۔
topic-could = کون بولتا ہے، کون بول سکتا ہے اور نہیں بولتا
topic-speak = <span class="big">{ $speak }</span> بولتے ہیں
topic-mention = { $count ->
    [one] 1 اور اس کا ذکر کرتا ہے: اس کا نام تلاش کرنے سے وہاں کچھ ملتا ہے۔
   *[other] { $count } اور اس کا ذکر کرتے ہیں: اس کا نام تلاش کرنے سے وہاں کچھ ملتا ہے۔
}
topic-could-not = <span class="big">{ $could-words }</span> بول سکتے ہیں، اور نہیں بولتے
topic-could-why = ہر ایک کی { $since } سے ایسی زبان میں پوسٹیں ہیں جس میں یہ موضوع ڈھونڈا جا سکتا ہے۔
topic-not-comparable = <span class="big">{ $unknown-words }</span> کا موازنہ نہیں ہو سکتا
topic-not-silence = ہمیں معلوم نہیں۔ یہ خاموشی نہیں ہے۔
topic-matrix = تمام نیٹ ورک اور موضوعات ایک جدول میں
topic-joining = گفتگوئیں جو نیٹ ورکس کو جوڑتی ہیں
topic-bridge-at = <a href="{ $href }">{ $title }</a>، { $network } پر: { $words }۔
topic-why = یہ اس فہرست میں کیوں ہے، اور کسی اور میں نہیں
topic-terms = اس کی پہچان کے الفاظ:
topic-arithmetic = حساب
topic-arithmetic-how = تین الگ فہرستیں، کبھی ایک نہیں۔ ایک ہی متن کی نقلیں ایک بار گنی جاتی ہیں، اور کوئی نیٹ ورک اپنے حصے سے زیادہ نہیں گنا جا سکتا۔ <a href="/about#lists">فہرستیں کیسے بنتی ہیں</a>۔
topic-by-network = گفتگوئیں، بلحاظ نیٹ ورک
topic-none-shown = اس موضوع کی کوئی گفتگو اس وقت نہیں دکھائی جا سکتی۔
topic-pages = گفتگوؤں کے صفحات
topic-next = اگلی گفتگوئیں
topic-history = اس موضوع کی تاریخ
topic-replies = پچھلے چار ہفتوں میں { $count } { $count ->
    [one] جواب
   *[other] جوابات
}
