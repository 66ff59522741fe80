topics-title-emerging = ابھرتے ہوئے موضوعات
topics-title-enduring = دیرپا موضوعات
topics-title-quiet = خاموش مگر مستقل موضوعات
level-wide = وسیع موضوعات
level-middle = موضوعات
level-fine = باریک موضوعات
topics-none = کوئی موضوع نہیں
topics-in-language = { $language } کے موضوعات
topics-with-network = موضوعات جن میں { $network } حصہ لیتا ہے
topics-active-since = { $day } سے سرگرم موضوعات
changes-title = موضوعات میں کیا بدلا
changes-since-yesterday = کل سے
changes-week = ایک ہفتہ
changes-month = ایک مہینہ
changes-no = کوئی تبدیلی نہیں
changes-count = { $count } { $count ->
    [one] تبدیلی
   *[other] تبدیلیاں
}
change-born = نیا ہے
change-grown = دگنا ہو گیا
change-merged = میں ایک اور موضوع ضم ہوا
change-split = ایک اور موضوع سے الگ ہوا
change-faded = مدھم پڑ گیا: کچھ عرصے سے کسی نے بات نہیں کی
change-other = بدل گیا
way-none = زیادہ سے زیادہ 6 قدم کا کوئی راستہ نہیں ملا۔ { $looked }۔
way-shared = دونوں میں ایک گفتگو مشترک ہے۔
way-found = { $steps } میں جڑے ہوئے، اس راستے سے جس کی مماثلتیں ضرب پا کر سب سے زیادہ بنتی ہیں۔ { $looked }۔
way-steps = { $count } قدم
way-looked = { $count } { $count ->
    [one] گفتگو دیکھی گئی
   *[other] گفتگوئیں دیکھی گئیں
}
warnings-none-at-all = کوئی انتباہ نہیں
warnings-count = { $count } { $count ->
    [one] انتباہ
   *[other] انتباہات
}
warning-because = { $networks ->
    [one] 1 نیٹ ورک نے پچھلے { $days } دن میں اپنے معمول سے زیادہ اس پر بات کی۔
   *[other] { $networks } نیٹ ورکس نے پچھلے { $days } دن میں، ہر ایک نے اپنے معمول سے زیادہ، اس پر بات کی۔
} عام ہفتے میں اتنا ہونے کا امکان: { $odds }۔
warnings-tested = { $tests ->
    [one] 1 موضوع جانچا گیا
   *[other] { $tests } موضوعات جانچے گئے
}: ہر نیٹ ورک کے پچھلے { $days } دن اس کے اپنے پہلے کے { $before } دن کے مقابل۔ اتنی جانچوں کی تصحیح کے بعد تقریباً { $wrong } میں سے 1 انتباہ غلط ہونے کی توقع ہے۔
warnings-too-little = ابھی تاریخ اتنی کم ہے کہ نہ کسی بات سے خبردار کیا جا سکتا ہے اور نہ یہ ناپا جا سکتا ہے کہ انتباہ کتنی بار غلط ہو گا۔
warnings-measured = پیمائش: { $days ->
    [one] 1 گزرے دن
   *[other] { $days } گزرے دنوں
} پر چلا کر، جب نیٹ ورکس کی تاریخیں ایک دوسرے کے خلاف موڑی گئیں تاکہ کوئی مشترک لہر نہ رہے، قاعدے نے { $tests ->
    [one] 1 جانچ
   *[other] { $tests } جانچوں
} میں { $raised } دیا۔
warnings-no-false = کوئی غلط انتباہ نہیں
warnings-false = { $count } غلط { $count ->
    [one] انتباہ
   *[other] انتباہات
} (100 جانچوں میں { $rate })

# topics.html
topics-warnings = پیشگی انتباہات
topics-digest = خلاصہ
topics-changed = کیا بدلا
topics-matrix = نیٹ ورک بلحاظ موضوع
topics-map = نقشہ
topics-only = صرف { $filters }۔
topics-show-all = سب دکھائیں
topics-empty = اس وقت اس فہرست میں کوئی موضوع نہیں۔ موضوع تب درج ہوتا ہے جب کم از کم { $enough } حصہ لیں، اور جب اس کا کوئی عنوان ہو۔ دوسری فہرستیں دیکھیں، <a href="/map">تمام موضوعات کا نقشہ</a>، یا <a href="/search">خود گفتگوؤں میں تلاش کریں</a>۔
topics-next = اگلے موضوعات
topics-places = درجے ہر موضوع کے صفحے کے اعداد سے نکلتے ہیں۔ <a href="/about#lists">فہرستیں کیسے بنتی ہیں</a>۔

# changes.html
changes-heading = موضوعات میں کیا بدلا
changes-lead = موضوعات جو { $since } سے نئے ہیں، بڑھے، ضم ہوئے، الگ ہوئے یا مدھم پڑے۔
changes-since-when = کب سے
changes-none = اس عرصے میں اس حجم کا کوئی موضوع نہیں بدلا۔
changes-already-old = { $count ->
    [one] ایک موضوع یہاں پہلی بار بنایا گیا جو نیا نہیں: اس پر 30 دن سے زیادہ سے بات ہو رہی تھی۔
   *[other] { $count } موضوعات یہاں پہلی بار بنائے گئے جو نئے نہیں: ان پر 30 دن سے زیادہ سے بات ہو رہی تھی۔
}
changes-next = اگلی تبدیلیاں

# warnings.html
warnings-heading = پیشگی انتباہات
warnings-lead = موضوعات جن پر کئی نیٹ ورک اپنے معمول سے زیادہ بات کر رہے ہیں۔ اکیلا ایک نیٹ ورک، کتنا ہی بلند کیوں نہ ہو، انتباہ نہیں بنتا۔
warnings-nothing-tested = کچھ نہیں جانچا گیا۔
warnings-none = پچھلے دنوں میں کچھ غیر معمولی نہیں۔
warnings-worth = انتباہ کی اہمیت
warnings-as-of = بتاریخ { $drawn }۔
warnings-follow = جب کوئی شروع ہو اور جب باقی نہ رہے تو جانیں: <a href="/topics/warnings.atom">Atom</a> یا <a href="/topics/warnings.json">JSON Feed</a>۔ نئے ابھرنے والے موضوعات بھی وہیں بتائے جاتے ہیں، ہر ایک اپنے امکان کے ساتھ۔ <code>?language=cy</code> یا <code>?area=</code> کے ساتھ <a href="/networks">نیٹ ورکس</a> میں سے کسی علاقے کا نام لگائیں۔

# paths.html
paths-heading = یہ دونوں کیسے جڑے ہیں؟
paths-lead = دو گفتگوئیں یا موضوعات، اور ایک سے دوسرے تک بہترین راستہ: ہر قدم بتاتا ہے کیوں۔
paths-from = کہاں سے
paths-hint = یہاں کسی گفتگو یا موضوع کے صفحے کا پتہ، یا اس کا شناختی نمبر
paths-to = کہاں تک
paths-find = راستہ ڈھونڈیں
paths-way = راستہ

change-renamed = نیا نام ملا
topics-in-area = موضوعات جن میں { $area } کا کوئی نیٹ ورک حصہ لیتا ہے
areas-label = علاقے
areas-all = تمام علاقے
area-council = { $name } (کونسل)
area-ward = { $name } (وارڈ)
area-board = { $name } (ہیلتھ بورڈ)
