question-title = { $heading } { $place }
question-place = Add your site: question { $number } of { $all }
question-problem = There is a problem
question-continue = Continue
question-back = Back
question-or = or
question-nothing-kept = Nothing is kept until you agree at the end. <a href="/">Stop and forget everything</a>
question-limit = We have looked at this site, or for you, as often as we may for now. Try again in { $minutes ->
    [one] 1 minute
   *[other] { $minutes } minutes
}
why-asked = Why we ask

address-question = What is the address of your site?
address-hint = The page where the public conversations start, for example https://forum.example.org/t/. A social account works too, for example https://social.example/@name.
address-note = You must be the owner of the site, or allowed to speak for the owner. Nothing of your site is read before your proof stands on it.
address-missing = Write the address of your site
address-space = The address has a space in it. Write it as in your browser’s address line
address-unreadable = That is not a web address. Write for example https://forum.example.org/
address-refused = This address cannot be registered: { $why }
address-long = The address is too long
address-social = Nobody can prove there that a page or group is theirs: give the group’s own site, or an account on Mastodon or Bluesky
address-host = Write the whole host name, for example forum.example.org

groups-question = Is your site mainly for, or about, any of these?
groups-hint = Choose all that apply. Of such places titles and links alone are kept and shown, no text and no replies, and they are part of no topic, unless you decide otherwise.
groups-child = Children or young people under 18
groups-self-harm = Suicide, self-harm or eating disorders
groups-refuge = A refuge, or help after violence or abuse
groups-none = No, none of these
groups-why = Being found can help a group, and can harm it: words written in such places can hurt people when they travel.
groups-missing = Choose the groups that your site is for, or “none of these”
groups-both = Choose the groups that your site is for, or “none of these”, and not both

excerpts-question = May short extracts be shown?
excerpts-hint = Your site is for people who have to be protected. You can change this later.
excerpts-no = No: titles and links alone
excerpts-yes = Yes: extracts of at most 300 characters too
excerpts-missing = Choose whether short extracts may be shown

method-question = Where can you show that the site is yours?
method-hint = One of these is enough. Only the owner can do it, so nobody else can add you; and taking it away is enough to leave.
method-file = A small file on the site
method-file-hint = WordPress, static sites, your own server
method-tag = A line in the head of the home page
method-tag-hint = Discourse, and builders that let you add to the head
method-dns = A record of the domain name (DNS)
method-dns-hint = Where somebody else runs the site for you, and the name is yours
method-profile = The profile text of a social account
method-profile-hint = Mastodon and its like. It covers that account only
method-missing = Choose where you can show that the site is yours
method-no-account = The profile of an account is proof for that account alone. Choose another way, or go back and write the account’s address, for example https://social.example/@name

proof-heading = Show that the site is yours
proof-lead = It shows that you agree, for { $origin } only. It is no password, and worthless anywhere else.
proof-download = Download the file
proof-opens-at = Put it on your site. It must then open at
proof-how = How, where your site lives
proof-text = The text of the file, to copy
proof-label = The proof
recipe-wordpress-1 = Open the file manager of your host, or its FTP.
recipe-wordpress-2 = Make a folder <code>.well-known</code> beside <code>wp-content</code>, and upload the file into it.
recipe-wordpress-tag = Paste the line with a plugin for code in the head (“Insert headers”), or into <code>header.php</code> of a child theme, before <code>&lt;/head&gt;</code>.
recipe-static = A static site or your own server
recipe-static-how = Put the file into the folder <code>.well-known</code> of what you publish. Some hosts skip folders that begin with a dot: see their page on “well-known”.
recipe-static-tag = Put the line into the head of the home page’s template, and publish.
recipe-discourse-file = Discourse takes no files at such an address: go back, and choose the line in the head of the home page.
recipe-discourse-1 = Admin, Customise, Themes, your theme, Edit code.
recipe-discourse-2 = Paste the line into the part called Head, and save.
proof-tag = Put this line into the head of { $address }:
proof-dns = Add a TXT record at <code>{ $name }</code>:
proof-dns-wait = A new record can take up to an hour until everybody sees it.
proof-profile = Add this word to the profile text of { $address }:
proof-profile-only = It covers that account only. It may go again when you leave.
proof-folder = You can write only in your own folder of this site
proof-folder-how = Then put this into that folder instead, at the same place below it. It speaks for that folder and nothing else, and only while the site itself has said nothing:
proof-scope = The scope says what may be read; only your site can widen it. <a href="/bot#join">All fields</a>. You can come back to this page later: keep its address.
proof-look = I have done it: look now
proof-limit = We look at most 6 times an hour.
proof-not-there = The proof is not there yet. Nothing else of your site was looked at
proof-bad = Something is there, but it is no proof: { $why }
proof-unreachable = Your site could not be reached: { $why }

preview-heading = This is exactly what would be taken
preview-nothing-kept = <strong>Nothing has been kept.</strong> What you see was read into memory to show you this page, and is forgotten already.
preview-site = Site
preview-allow = You allow
preview-for = for { $purposes }
preview-until = , until { $day }
preview-widen = To widen this, change the proof on your site: we cannot.
preview-run-by = Run by
preview-link-only = Titles and links alone would be kept: no text, no replies, no topics.
preview-items = Recent items
preview-as-they-are = kept as they are
preview-taken-out = kept, details taken out
preview-refused-count = refused
preview-kept = Kept
preview-redacted = Kept, details taken out
preview-refused = Refused
preview-details = { $count ->
    [one] 1 detail
   *[other] { $count } details
} taken out, of { $kinds }
preview-address-only = Of what is refused we show the address only.
preview-more = These are the latest; there are more, and the same is done with each.
preview-none = Nothing could be read within what you allow
preview-none-how = Look at the address and at the scope in your proof, and have it looked at again.
preview-again = Back to the proof
preview-stop = Stop: nothing is kept
preview-leave = You can leave at any time: everything is hidden within a second and deleted within an hour.

sources-question = Is this right? What of it may be read?
sources-hint = Choose all that may be read.
sources-missing = Choose what may be read, or stop
sources-unreadable = A source cannot be read. Look at the site again

name-question = What is your network called?
name-hint = As it will be shown here.
name-missing = Write the name of your network
name-long = Write at most { $most } characters

owner-question = Which organisation or person owns it?
owner-hint = This is shown publicly, beside the name.
owner-missing = Write who owns the network

days-question = How many days may a post be kept?
days-hint = From 1 to 1,095, counted from the day we first see it. 365 is usual. If your proof says less, less it is.
days-wrong = Write a number of days from 1 to { $most }

contact-question = How can we reach you?
contact-hint = A mail address or a page, for the operator only. It is never shown. You may leave this empty.
contact-wrong = Write a mail address, such as name@example.org, or the address of a page that begins with https://
contact-missing = Write how we can reach you, or leave it empty and continue

told-early = What your members must be told before you agree
told-question = Have the members been told?
told-yes = Yes, the members have been told
told-no = Not yet
told-text = A text for them
told-first = Tell your members first, and come back. There is a text for them below
told-missing = Say whether the members have been told

check-heading = Check your answers
check-sources = May be read
check-name = Name
check-owner = Owner
check-days = Kept for
check-contact = Contact
check-no-contact = none
check-told = Members
check-change = Change
check-agree = Agree, and go live
check-declaration = You own this site or speak for its owner, and you agree that what is listed above is read, kept and shown as the preview said.
check-go-live = I agree: go live

joined-heading = { $name } can be found
joined-soon = Its first conversations show in search within a few minutes.
joined-key = Keep your owner’s key
joined-key-how = It is shown this once. Keep it like a password. With it and the short name <code>{ $slug }</code> you can <a href="/owner/login">log in</a> to pause, change or leave. Without it, the proof on your site does as well.
joined-key-label = Owner’s key
joined-next = What to do next
joined-tell = 1. Tell your members
joined-look = 2. Look at your public page in a few minutes
joined-public = Your public page
joined-owner = 3. Look at your owner’s page
joined-owner-how = It says how the visits went, what was refused and why, and how often you were found.
joined-go = Go to your network
joined-leave = To leave: take the proof away, or use your owner’s page.

login-heading = Log in as an owner
login-lead = You do not need to log in to leave: taking the proof off your site is enough.
login-by-key = With your owner’s key
login-slug = Short name of your network
login-button = Log in
login-key-whence = It was shown once, when you registered; for a network of notes the operator handed it over. Lost, or seen by somebody else: log in by a file on your site, below, or ask the operator for a new one, with which the old one ends.
login-by-file = With your consent file
login-by-file-how = You get a code, place it in the consent file on your site, and we look at the file. The token in the file does not log anybody in.
login-get-code = Get a code
login-wrong = The network and the key do not belong together
login-no-file = There is no such network here, or it has no file that could be looked at
login-too-long = That took longer than 15 minutes. Begin again
login-no-code = The file does not bear this code yet. Look whether it was saved, and try again
nonce-heading = Place this code in your consent file
nonce-add = Add this line to the file at <code>{ $address }</code>, beside the others:
nonce-label = Line for the consent file
nonce-counts = It counts for 15 minutes, once, and from this page only. You may take the line out again afterwards.
nonce-look = It is there: log me in

looked-heading = We looked
looked-stands = The proof stands. Nothing has changed.
looked-missing = There is no valid proof. What is held is hidden now; after seven days it counts as leaving.
looked-withdrawn = The owner has left. Everything is hidden now and deleted within the hour.
looked-unreachable = The place of the proof could not be reached. We look again in a few hours.
looked-too-soon = It was looked at a moment ago. Try again in half a minute.
looked-on-paper = Consent is on paper here, so there is no place to look at. The operator renews it by a new document.
back-to-network = Back to your network
leave-heading = Leave
leave-lead = What you take back is hidden within a second from every page, feed and answer, and deleted for good within an hour. It does not come back, unless you register again with a new proof.
leave-all = All of { $name }
leave-all-how = Posts, index, topics, names and keys are deleted. A receipt without your name stays in the ledger. You may want to <a href="/owner/download">download everything held</a> first.
leave-all-now = Leave now with everything
leave-part = Only a part
leave-source = One source
leave-source-now = Take this source back
leave-path = Everything under one address
leave-path-now = Take this path back
leave-conversation = One conversation: its address here
leave-conversation-now = Take this conversation back
leave-foreign = That is not of your network. Look at the address
leave-address = Write the address in full, with https://
left-part = It is gone
left-part-lead = It is hidden everywhere now, is deleted for good within the hour, and does not come back. The receipt goes into the ledger.
left-all = You have left
left-all-lead = Everything of your network is hidden everywhere now and is deleted for good within the hour: posts, index, topics, names, keys. A receipt without your name goes into the ledger. Nobody can register the site again without a new proof on it. You may take the proof down.
left-receipt = Where the receipt will stand

areas-question = Which areas does your network serve?
areas-hint = Shown with your network, so that readers can see in how many areas something is talked about. Write commas between several names. Leave all three empty if it serves no one area. We never read a place from a post.
areas-councils = Councils
areas-wards = Wards
areas-boards = Health boards
check-no-areas = none
