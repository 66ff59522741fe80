conversation-title = { $title }، { $network } پر
related-conversations = { $count } متعلقہ { $count ->
    [one] گفتگو
   *[other] گفتگوئیں
}
copies-elsewhere = { $count } تقریباً یکساں { $count ->
    [one] متن رکھا ہے
   *[other] متن رکھے ہیں
}، یہاں یا { $networks } پر۔ یہ ایک بار گنے جاتے ہیں۔
copies-here = { $count } تقریباً یکساں { $count ->
    [one] متن رکھا ہے
   *[other] متن رکھے ہیں
}، اسی نیٹ ورک پر۔ یہ ایک بار گنے جاتے ہیں۔
copies-said-again = ایک سے زیادہ بار کہا گیا
proof-given = { $site } کا مالک، { $method }
purpose-search = تلاش
purpose-topics = موضوعات

# conversation.html
conversation-at = <strong>{ $network }</strong> پر گفتگو
conversation-started = پہلی پوسٹ { $started }
conversation-last-active = آخری پوسٹ { $last-active }
conversation-extract = یہ زیادہ سے زیادہ 300 حروف کا اقتباس ہے۔ ذاتی تفصیلات ہمارے رکھنے سے پہلے نکال دی گئیں۔ باقی نیٹ ورک کی اپنی سائٹ پر ہے۔
conversation-whole = یہ پورا متن ہے جیسا کہ آف لائن لکھا گیا۔ محفوظ کرنے سے پہلے ذاتی تفصیلات نکال دی گئیں۔
conversation-no-text = کوئی متن نہیں جو ہم دکھا سکیں۔ گفتگو نیٹ ورک کی اپنی سائٹ پر ہے۔
conversation-no-address = نیٹ ورک نے کوئی ایسا ویب پتہ نہیں دیا جس سے ہم جوڑ سکیں۔
conversation-consent = <strong>{ $network }</strong> کی رضامندی سے رکھی گئی
conversation-see-proof = ثبوت دیکھیں
conversation-related = متعلقہ گفتگوئیں، اور کیوں
conversation-no-related = ابھی ہمیں کوئی متعلقہ گفتگو معلوم نہیں۔ نئی آتے ہی ڈھونڈی جاتی ہیں۔
conversation-never-merged = ہم گفتگوؤں کو جوڑتے ہیں، کبھی ضم نہیں کرتے۔ ہر ایک وہیں رہتی ہے جہاں لکھی گئی۔
conversation-more = { $related-total } میں سے مزید
conversation-at-host = { $words } پر
conversation-paths = یہ کسی دوسری سے کیسے جڑی ہے؟
conversation-topics = موضوعات جن میں یہ شامل ہے
conversation-no-topic = درج شدہ کوئی نہیں: موضوع کے لیے کم از کم { $enough } اور ایک عنوان چاہیے۔
conversation-proof = رضامندی کا ثبوت
proof-by = کس نے دی
proof-for = کس لیے
proof-kept-for = { $purposes }، دائرہ
proof-uploaded = جو اس کا مالک یہاں اپ لوڈ کرے
proof-days = ، { $days } تک رکھا جائے گا
proof-last-seen = آخری بار دیکھا گیا
proof-seen = { $seen }، اختتام { $expires }
proof-what = کیا دیکھا گیا
proof-entry = کھاتے کا اندراج
proof-check = خود جانچیں
proof-none = ثبوت اس وقت نہیں دکھایا جا سکتا۔
conversation-object = کیا یہ آپ نے لکھا، یا آپ کے بارے میں ہے؟ نیٹ ورک سے کہیں کہ اسے بدلے یا ہٹائے: ہم دوبارہ دیکھتے ہیں اور ویسا ہی کرتے ہیں۔ آپ <a href="/object?post={ $href }">ہم سے اسے چھپانے کو</a> بھی کہہ سکتے ہیں؛ آپ کو اکاؤنٹ کی ضرورت نہیں۔
conversation-object-notes = کیا یہ آپ نے کہا، یا آپ کے بارے میں ہے؟ نیٹ ورک سے کہیں کہ اسے واپس لے۔ آپ <a href="/object?post={ $href }">ہم سے اسے چھپانے کو</a> بھی کہہ سکتے ہیں؛ آپ کو اکاؤنٹ کی ضرورت نہیں۔
