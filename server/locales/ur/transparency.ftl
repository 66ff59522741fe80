transparency-networks = { $count ->
    [one] نیٹ ورک
   *[other] نیٹ ورک
}
transparency-posts = محفوظ پوسٹیں
transparency-left = { $count ->
    [one] نیٹ ورک جو چلا گیا
   *[other] نیٹ ورک جو چلے گئے
}
transparency-purged = { $count ->
    [one] پوسٹ جو اس کے بعد مٹائی گئی
   *[other] پوسٹیں جو اس کے بعد مٹائی گئیں
}
transparency-heading = شفافیت
transparency-lead = ہم سے کیا مانگا گیا، ہم نے کیا کیا، اور آپ اسے کیسے جانچ سکتے ہیں۔ <a href="/api/v1/transparency">وہی JSON میں</a>۔
transparency-ledger = رضامندی کا کھاتہ
transparency-ledger-how = ہر اجازت اور ہر واپسی اس میں ہے، بے ترتیب شناختوں سے اور بغیر ناموں کے، ہر اندراج پچھلے سے جڑا ہے۔ <a href="/api/v1/ledger">اسے پڑھیں</a>۔
transparency-ledger-table = جدول: کھاتہ
transparency-by-event = اندراجات بلحاظ واقعہ
transparency-event = واقعہ
transparency-entries = اندراجات
transparency-heads = دستخط شدہ سرے
transparency-heads-how = ہر دن کے آخر میں آخری اندراج پر دستخط ہوتے ہیں (Ed25519، عوامی کلید <code>{ $key }</code>)۔ ایک نقل رکھیں: اس سے آپ جان سکتے ہیں کہ کھاتہ دوبارہ لکھا گیا یا نہیں، <code>discover ledger verify --heads FILE</code> سے۔
transparency-no-day = ابھی کوئی دن ختم نہیں ہوا۔
transparency-head = { $day }: اندراج { $entry }، <code>{ $hash }</code>
transparency-networks-heading = نیٹ ورک
transparency-networks-table = جدول: نیٹ ورک
transparency-networks-caption = نیٹ ورک، انہوں نے کس پر اتفاق کیا، اور آخری دورہ
transparency-covers = احاطہ
transparency-visit = آخری دورہ
transparency-not-yet = ابھی نہیں
transparency-refused = رد، نکالا، روکا گیا
transparency-refused-line = { $count } رد: { $words }
transparency-redacted-line = { $count } محفوظ کرنے سے پہلے نکالے گئے: { $words }
transparency-blocked-line = { $count } پڑھے نہ جا سکے: { $words }
transparency-rounded = 50 سے کم گنتی 5 تک گول کی جاتی ہے۔ <a href="/about#refuse">ہر وجہ کا مطلب</a>۔
transparency-keys = کون کلید سے پوچھتا ہے، اور کس لیے
transparency-keys-how = پڑھنے کے لیے کسی کو کلید نہیں چاہیے۔ کلید کا اپنا کوٹا ہے اور وہ 100,000 قطاروں تک برآمد کی اجازت دیتی ہے؛ وہ ایسا کچھ نہیں دکھاتی جو دوسرے نہ دیکھ سکیں۔
transparency-no-keys = کوئی کلید نہیں دی گئی۔
transparency-keys-table = جدول: کلیدیں
transparency-keys-caption = کلیدیں، کس کے پاس، کس لیے، اور کب تک
transparency-holder = حامل
transparency-purpose = مقصد
transparency-may = کیا استعمال کر سکتا ہے
transparency-until = کب تک
transparency-who = کون جواب دیتا ہے
transparency-dpia = منتظم ڈیٹا کے تحفظ کے اثرات کا جائزہ رکھتا ہے اور جو مانگے اسے دیتا ہے۔
