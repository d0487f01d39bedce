#include "identity/words.h"

namespace parley::identity {
namespace {

// Clear when spoken, common, inoffensive, no numbers, no two that sound alike; 3 to 7 letters, of which the
// first three occur once.
constexpr std::array<std::string_view, word_count> list{
    // clang-format off
    "abacus", "abide", "able", "about", "absent", "academy", "accent", "ace", "acid", "acorn", "acquire", "across",
    "act", "acute", "adapt", "add", "adjust", "admire", "adopt", "adult", "advice", "aerial", "afield", "afraid",
    "after", "again", "agent", "agile", "aglow", "ago", "agree", "ahead", "aid", "aim", "air", "alarm", "album",
    "alcove", "alert", "algebra", "alike", "alley", "almond", "aloud", "alpha", "also", "alto", "always", "amaze",
    "amber", "amend", "among", "ample", "amuse", "analyst", "anchor", "anew", "angle", "animal", "ankle", "annual",
    "answer", "anvil", "apart", "apex", "apology", "apple", "apron", "aqua", "arbor", "arch", "ardent", "area", "argue",
    "arise", "arm", "around", "arrow", "art", "ascend", "ash", "aside", "ask", "aspect", "aster", "athlete", "atlas",
    "atom", "attic", "auburn", "auction", "audio", "august", "aura", "author", "avatar", "avenue", "aviator", "avocado",
    "awake", "awesome", "axis", "axle", "azalea", "azure", "baby", "bacon", "badge", "baffle", "bag", "baker",
    "balloon", "bamboo", "banana", "barn", "basket", "bath", "bay", "bazaar", "become", "bed", "beef", "begin",
    "behave", "beige", "bell", "bench", "best", "between", "bevel", "beyond", "bicycle", "bid", "big", "bike", "bill",
    "bind", "biology", "bird", "biscuit", "bit", "black", "blend", "blink", "block", "board", "bobcat", "body", "boil",
    "bone", "book", "border", "boss", "both", "bounce", "box", "boy", "brain", "bread", "brick", "broom", "brush",
    "bubble", "bucket", "budget", "buffalo", "bugle", "bulb", "bumper", "bundle", "burger", "bus", "butter", "buzz",
    "bygone", "bypass", "cabin", "cactus", "cadet", "cage", "cake", "calm", "camel", "candle", "cape", "car", "castle",
    "cat", "cause", "cave", "cedar", "celery", "cement", "center", "chair", "cheese", "chimney", "chorus", "chrome",
    "church", "cider", "cinema", "cipher", "circle", "city", "civil", "claim", "clean", "cliff", "clock", "club",
    "coach", "cobalt", "code", "coffee", "coin", "cold", "comet", "concert", "cook", "copper", "cosmos", "cotton",
    "cousin", "cover", "cowboy", "coyote", "cozy", "crab", "cream", "cricket", "crown", "crumb", "crystal", "cube",
    "cuddle", "cuff", "cuisine", "cup", "curtain", "cushion", "cut", "cycle", "cypress", "dabble", "dahlia", "daily",
    "damp", "dance", "dark", "dash", "data", "dawn", "day", "dazzle", "deal", "debate", "decade", "deep", "define",
    "degree", "delight", "demand", "dentist", "depth", "derby", "desk", "detail", "device", "diagram", "diet", "differ",
    "dime", "dinner", "dish", "divide", "dizzy", "dock", "dodge", "dog", "dolphin", "domino", "donkey", "door", "dot",
    "double", "dove", "down", "dozen", "draft", "dream", "drill", "drop", "drum", "dry", "duck", "duke", "dune",
    "during", "dusk", "duty", "dwell", "dwindle", "dynamo", "each", "eager", "early", "east", "eat", "ebony", "echo",
    "eclipse", "ecology", "eddy", "edge", "edit", "educate", "effort", "egg", "either", "elastic", "elbow", "elder",
    "elegant", "elf", "elixir", "elk", "elm", "else", "email", "ember", "emerald", "emit", "emotion", "empty", "enamel",
    "encore", "end", "energy", "engine", "enhance", "enigma", "enjoy", "enlarge", "enough", "enrich", "ensure", "enter",
    "epic", "epoch", "equal", "era", "errand", "escape", "essay", "estate", "eternal", "eureka", "evening", "evolve",
    "exact", "excite", "exhibit", "exit", "exotic", "expert", "extra", "fable", "face", "fade", "fair", "falcon",
    "family", "fan", "farm", "fashion", "father", "fault", "favor", "fawn", "feast", "federal", "fellow", "fence",
    "fern", "fetch", "fever", "few", "fiber", "fiction", "fiddle", "field", "fig", "file", "final", "fire", "fish",
    "fit", "fix", "fizz", "fjord", "flag", "fleece", "flight", "flock", "flute", "fly", "foam", "focus", "fog", "foil",
    "folder", "fond", "food", "forest", "fossil", "found", "fox", "fragile", "fresh", "friend", "frog", "fruit", "fuel",
    "full", "fumble", "fun", "fuse", "future", "fuzzy", "gadget", "gain", "galaxy", "game", "gander", "garden",
    "gasket", "gate", "gauge", "gavel", "gazelle", "gear", "gecko", "gem", "general", "geology", "gesture", "geyser",
    "ghost", "giant", "gift", "giggle", "ginger", "giraffe", "give", "gizmo", "glacier", "gleam", "glide", "globe",
    "glue", "gnome", "goal", "goblet", "goggle", "gold", "gondola", "good", "gopher", "gorilla", "gospel", "gourmet",
    "govern", "gown", "grape", "green", "grid", "group", "grub", "guard", "guest", "guide", "gulf", "gum", "guppy",
    "guru", "gust", "gym", "habit", "half", "hammer", "hand", "happy", "harbor", "hat", "haul", "hawk", "hazel", "head",
    "hectare", "hedge", "height", "helmet", "hen", "hero", "hexagon", "hiccup", "hidden", "high", "hike", "hill",
    "hint", "hip", "history", "hive", "hobby", "hockey", "hold", "honey", "hood", "hope", "horse", "host", "hotel",
    "house", "hover", "how", "hub", "huge", "hull", "human", "hurry", "husky", "hybrid", "hydrant", "hyena", "hygiene",
    "hype", "ice", "icicle", "icon", "idea", "igloo", "ignite", "iguana", "image", "imitate", "immense", "impact",
    "inbox", "inch", "index", "inform", "inhale", "initial", "ink", "inner", "input", "inquiry", "insect", "invite",
    "iris", "iron", "island", "isolate", "issue", "italic", "itch", "item", "ivory", "ivy", "jacket", "jade", "jaguar",
    "jam", "jar", "jasmine", "javelin", "jaw", "jazz", "jeans", "jeep", "jelly", "jersey", "jester", "jetty", "jiffy",
    "jigsaw", "jingle", "job", "jockey", "jog", "join", "joke", "jolly", "journal", "joy", "judge", "juggle", "juice",
    "jukebox", "jumbo", "jungle", "jury", "just", "kale", "karate", "kayak", "keen", "kelp", "kennel", "kestrel",
    "ketchup", "key", "kick", "kid", "kilt", "kimono", "kiosk", "kit", "kiwi", "knack", "knife", "knuckle", "koala",
    "krypton", "label", "lace", "ladder", "lagoon", "lake", "lamp", "land", "laptop", "large", "laser", "late", "laugh",
    "lava", "law", "layer", "lazy", "leaf", "lecture", "ledge", "left", "legend", "leisure", "lemon", "length",
    "leopard", "lesson", "letter", "level", "lexicon", "liberty", "license", "lid", "lift", "light", "likely", "lilac",
    "limit", "line", "lion", "liquid", "list", "liter", "live", "lizard", "llama", "load", "lobby", "local", "lodge",
    "loft", "logic", "long", "loop", "lost", "lotus", "loud", "love", "low", "loyal", "lucky", "luggage", "lullaby",
    "lumber", "lunch", "lush", "lute", "luxury", "lychee", "lyric", "machine", "madam", "magnet", "maid", "major",
    "maker", "mammal", "man", "map", "marble", "mask", "match", "mauve", "maximum", "may", "maze", "meadow", "melody",
    "member", "mend", "mercy", "mesh", "metal", "middle", "mile", "mime", "mind", "miracle", "mitten", "mix", "mobile",
    "mocha", "model", "moist", "mold", "moment", "money", "moon", "mop", "moral", "mosaic", "motor", "mouse", "move",
    "much", "mud", "muffin", "mug", "mumble", "murmur", "museum", "mute", "muzzle", "myself", "myth", "nacho", "nail",
    "name", "nanny", "napkin", "narrow", "nation", "navy", "near", "nebula", "neck", "needle", "neon", "nephew",
    "nerve", "nest", "net", "neutral", "never", "new", "next", "nibble", "nice", "niece", "nimble", "noble", "nod",
    "noise", "nomad", "noodle", "normal", "note", "noun", "nova", "now", "nozzle", "nuance", "nudge", "nugget",
    "number", "nurse", "nut", "nylon", "oak", "oasis", "oat", "obey", "object", "oblong", "oboe", "observe", "obtain",
    "obvious", "occupy", "ocean", "octopus", "odd", "odor", "odyssey", "off", "often", "oil", "okay", "okra", "old",
    "olive", "omelet", "omit", "once", "onion", "only", "onset", "onward", "onyx", "opal", "open", "opinion", "option",
    "oracle", "orbit", "orchard", "organ", "orient", "ornate", "osprey", "ostrich", "other", "otter", "ounce",
    "outdoor", "oval", "oven", "owl", "own", "oxen", "oxygen", "oyster", "ozone", "pace", "paddle", "page", "paint",
    "palace", "pamper", "pan", "paper", "parade", "pasta", "patch", "pave", "pay", "peach", "pebble", "pecan", "pedal",
    "pelican", "pen", "people", "pepper", "perch", "pesto", "pet", "phantom", "phone", "phrase", "piano", "pick", "pie",
    "pig", "pilot", "pine", "pioneer", "pipe", "pirate", "pitch", "pivot", "pixel", "pizza", "place", "please", "plot",
    "plus", "plywood", "pocket", "podcast", "poem", "point", "poke", "polar", "pond", "pool", "popcorn", "porch",
    "post", "potato", "pouch", "powder", "prairie", "present", "price", "process", "prune", "public", "pudding", "puff",
    "pull", "punch", "pupil", "purple", "push", "put", "puzzle", "pylon", "pyramid", "quack", "queen", "quick", "quota",
    "rabbit", "race", "radar", "raft", "rail", "rake", "rally", "ram", "ranch", "rare", "rather", "raven", "ray",
    "razor", "reach", "recipe", "reef", "reform", "region", "rejoice", "relay", "remain", "rent", "reopen", "reply",
    "request", "rescue", "reunion", "reveal", "reward", "rhino", "rhubarb", "rhyme", "ribbon", "rice", "riddle",
    "rigid", "ring", "ripple", "rise", "ritual", "river", "roast", "robe", "rock", "rodeo", "roll", "romance", "roof",
    "rope", "rose", "rotate", "round", "rover", "royal", "rubber", "rudder", "ruffle", "rug", "ruin", "rule", "rumor",
    "run", "rural", "rush", "sable", "sack", "sad", "safari", "sage", "saint", "salad", "same", "sand", "satin",
    "sauce", "save", "saw", "say", "scale", "school", "science", "score", "screen", "search", "second", "seed",
    "segment", "select", "senior", "sepia", "sequel", "series", "session", "set", "shadow", "sheep", "shine", "shoe",
    "shrimp", "shuttle", "side", "sign", "silent", "similar", "sing", "siren", "sister", "sit", "size", "skate",
    "sketch", "ski", "sky", "slate", "sleep", "slide", "slope", "small", "smell", "smile", "smooth", "snack", "sneaker",
    "sniff", "snow", "snug", "soap", "soccer", "soda", "sofa", "soil", "solar", "song", "soon", "soprano", "sort",
    "sound", "soy", "space", "special", "sphere", "spice", "splash", "sponge", "spring", "square", "stable", "stem",
    "stick", "stone", "straw", "studio", "style", "subject", "success", "sudden", "suffix", "sugar", "summer", "sun",
    "super", "surf", "sushi", "swan", "sweep", "swift", "symbol", "syntax", "syrup", "system", "table", "tackle",
    "taffy", "tag", "take", "talent", "tame", "tango", "tape", "target", "taste", "tattoo", "tavern", "taxi", "teach",
    "teen", "tell", "temple", "term", "test", "text", "thank", "theater", "thick", "thorn", "thumb", "ticket", "tide",
    "tiger", "tile", "timber", "tin", "tiptoe", "tissue", "toast", "today", "toffee", "toggle", "token", "tomato",
    "tone", "tool", "topic", "torch", "total", "touch", "tower", "toy", "track", "tree", "trial", "trophy", "truck",
    "try", "tub", "tug", "tulip", "tumble", "tuna", "turtle", "tutor", "tuxedo", "twig", "tycoon", "type", "ukulele",
    "ultra", "umpire", "uncle", "under", "unearth", "unfold", "unhook", "unicorn", "unknown", "unlock", "unpack",
    "unravel", "unusual", "unwind", "upbeat", "update", "upgrade", "uphill", "upkeep", "upload", "upper", "upset",
    "uptown", "upward", "urban", "urchin", "usable", "use", "usual", "utensil", "utility", "vacuum", "vague", "valley",
    "van", "vapor", "various", "vase", "vault", "vector", "vegan", "vehicle", "veil", "velvet", "vendor", "verb",
    "vessel", "veteran", "vibrant", "victory", "video", "view", "vigor", "village", "vine", "viola", "virtue", "visit",
    "vital", "vivid", "vocal", "voice", "volcano", "vortex", "vote", "vowel", "voyage", "vulture", "wade", "wafer",
    "wake", "walk", "wand", "warm", "wash", "watch", "wave", "wax", "wealth", "web", "wedding", "week", "welcome",
    "west", "wheat", "whisper", "why", "wicker", "wide", "wiggle", "wild", "win", "wire", "wisdom", "witty", "wizard",
    "wobble", "wolf", "woman", "wonder", "wool", "word", "wrap", "wrist", "yacht", "yak", "yam", "yard", "yawn", "year",
    "yellow", "yes", "yet", "yield", "yodel", "yoga", "yonder", "young", "yummy", "zany", "zeal", "zebra", "zen",
    "zest", "zigzag", "zinc", "zip", "zodiac", "zombie", "zone", "zoo",
    // clang-format on
};

bool begins_before(std::string_view word, std::string_view prefix) { return word < prefix; }

}  // namespace

const std::array<std::string_view, word_count>& words() { return list; }

std::span<const std::string_view> words_beginning_with(std::string_view prefix) {
    const auto first = std::ranges::lower_bound(list, prefix, begins_before);
    const auto last = std::find_if(first, list.end(), [&](std::string_view word) { return !word.starts_with(prefix); });
    return {first, last};
}

std::optional<std::size_t> find_word(std::string_view text) {
    if (text.size() < unique_prefix) return std::nullopt;
    const auto candidates = words_beginning_with(text);
    if (candidates.size() != 1) return std::nullopt;
    return static_cast<std::size_t>(candidates.data() - list.data());
}

}  // namespace parley::identity
