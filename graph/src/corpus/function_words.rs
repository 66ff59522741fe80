//! The commonest function words of the main languages, folded.
//!
//! Document frequency tells function words from telling ones once there are some hundred conversations; these short
//! lists are for the first day of an instance, and keep a language that only few write from having its `and` as a topic.

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use discover_model::Language;

const ENGLISH: &str = "a about after again all also am an and any are as at be because been before being both but by can cannot could did do does doing don down during each few for from further get got had has have having he her here hers him his how i if im in into is it its ive just me more most my no nor not now of off on once only or other our out over own re same she should so some such than that the their them then there these they this those through to too under until up us very was we were what when where which while who whom why will with would you your thanks thank please hi hello anyone";
const LISTS: &[(&str, &str)] = &[
    (
        "fr",
        "a au aux avec c ce ces cet cette comme d dans de des du elle elles en est et etait etre eu il ils j je l la le les leur leurs lui m ma mais me mes mon n ne nos notre nous on ont ou par pas plus pour qu que qui s sa sans se ses si son sont sur t ta te tes toi ton tu un une vos votre vous y tout tous fait faire",
    ),
    (
        "de",
        "aber alle als also am an auch auf aus bei bin bis bist da damit das dass dem den denn der des die dies diese dieser doch du durch ein eine einem einen einer eines er es fur hat habe haben hier ich ihr ihre im in ist ja kann kein keine man mehr mein mit nach nicht noch nur oder ohne sein sich sie sind so uber um und uns unter vom von vor war was wenn wer werden wie wir wird wurde zu zum zur",
    ),
    (
        "es",
        "a al algo como con cuando de del desde donde el ella ellas ellos en entre era es esa ese eso esta este esto estan fue ha hay la las le les lo los mas me mi muy no nos o otra otro para pero por porque que quien se ser si sin sobre son su sus tambien te tiene todo todos tu un una uno y ya yo",
    ),
    (
        "it",
        "a ad ai al alla alle anche che chi ci come con da dal dalla de degli dei del della delle di e ed era gli ha hanno i il in io la le lei lo loro lui ma mi nei nel nella noi non o per perche piu quando quello questa questo se si sono su sul sulla un una uno voi",
    ),
    (
        "pt",
        "a ao aos as com como da das de do dos e ela elas ele eles em entre era essa esse esta este eu foi ha isso isto ja la lhe mais mas me mesmo meu minha muito na nao nas nem no nos o os ou para pela pelo por qual quando que quem se sem ser seu sua sao so tambem te tem um uma voce",
    ),
    (
        "nl",
        "aan al als bij dan dat de deze die dit door een en er geen had heb hebben heeft het hij hoe ik in is je kan maar me met mijn naar niet nog nu of om onder ons ook op over te tot uit van veel voor was wat we wel wij worden zal ze zich zij zijn zo",
    ),
    (
        "pl",
        "a aby ale bo byc by byl byla bylo co czy dla do gdzie go i ich ja jak jako jego jej jest jestem jeszcze juz ktora ktore ktory ma mam mi mnie moze na nad nie nas o od oraz po pod przed przez przy sa sie tak tam te tego ten to tu ty tylko w we wszystko z za ze",
    ),
    (
        "cy",
        "a ac am ar at beth bod bydd byddai cael chi dim ei ein eu fel fod fy gan gael gyda hefyd hyn hynny i ni nid o oedd oes ond os pan rhai roedd sy sydd un wedi y ydy ydyn ym yn yng yr yw",
    ),
    (
        "sv",
        "alla att av de den det detta dig din du efter ej en ett for fran han har hon i inte jag kan man med men mig min mot nar nu och om oss pa sa sig som till under upp ut var vi vid",
    ),
    (
        "tr",
        "ama bana ben bir biz bu cok da daha de degil diye en gibi hem her icin ile ise ki kim mi mu ne neden nasil o olan olarak oldu sen siz ve veya var ya yok",
    ),
    (
        "ru",
        "а без бы был была были было быть в вам вас во вот все всего вы где да для до его ее если есть еще же за и из или им их к как ко когда кто ли мне может мы на над не него нет ни но ну о об он она они от по под при с со так также там то того тоже только ты у уже что чтобы это этот я",
    ),
    (
        "ar",
        "ان او الى التي الذي انا انه اي بعد بين تم ثم حتى حول ذلك على عن عند غير في قبل قد كان كل كما لا لم لن له ما مع من منذ نحن هذا هذه هل هناك هو هي و يا",
    ),
    (
        "ur",
        "اس اور ان ایک بھی پر تک تو تھا تھی جو سے کا کر کہ کو کی کے گیا میں نہیں نے وہ ہو ہے ہیں یہ",
    ),
];

static SETS: LazyLock<BTreeMap<&str, HashSet<&str>>> = LazyLock::new(|| {
    let lists = LISTS.iter().chain(&[("en", ENGLISH)]);
    lists
        .map(|(code, list)| (*code, list.split(' ').collect()))
        .collect()
});

/// Whether a folded word is a function word of the language; of English where the language is unknown.
pub(crate) fn is_stop(word: &str, language: Option<Language>) -> bool {
    let set = language.and_then(|language| SETS.get(language.as_str()));
    set.or_else(|| SETS.get("en"))
        .is_some_and(|set| set.contains(word))
}
