// Programs with one known flaw each: what finds no fault in them finds none anywhere.
#pragma once

#include <array>
#include <string_view>

namespace parley::sim {

enum class Flaw {
    none,
    // The shell of a client
    saves_last,          ///< sends and shows before it saves
    shows_last,          ///< shows after it has saved
    saves_seldom,        ///< one save of three
    shows_twice,         ///< a message now and then
    shows_less,          ///< leaves one out
    shows_out_of_order,  ///< the next one first
    shows_something_else,
    swallows_warnings,
    stays_away,       ///< connects no more once it was cut
    stands_still,     ///< its clock: nothing is ever due
    trusts_the_wall,  ///< takes the wall clock for a steady one
    old_save,         ///< comes back from a copy of some time ago
    // Its core. None of the flaws above makes ours do that, nor does a dead generator (test_ratchet, Reuse): what it
    // sealed is changed as if another one had sealed it.
    reuses_a_key,    ///< for two contents, as without the salt of PROTOCOL 3.6
    reuses_a_nonce,  ///< for two headers
    // The relay
    relay_forgets,     ///< a body in fifty, and says nothing
    relay_repeats,     ///< a body in fifty
    relay_swaps,       ///< two bodies
    relay_same_epoch,  ///< is reborn under its old epochs
    relay_forgets_acks,
    relay_keeps_all,  ///< forgets them too, and refuses nothing
};

struct NamedFlaw {
    Flaw flaw;
    std::string_view name;
    std::string_view complaint;  ///< by which it is found; empty: by any
    unsigned meddling = 0;       ///< percent of frames: some flaws only matter where somebody interferes
};
inline constexpr std::array flaws{
    NamedFlaw{Flaw::saves_last, "saves-last", "rolled_back"},
    NamedFlaw{Flaw::shows_last, "shows-last", "who was told it was opened"},
    NamedFlaw{Flaw::saves_seldom, "saves-seldom", "rolled_back"},
    NamedFlaw{Flaw::shows_twice, "shows-twice", "twice"},
    NamedFlaw{Flaw::shows_less, "shows-less", "who was told it was opened"},
    NamedFlaw{Flaw::shows_out_of_order, "shows-out-of-order", "out of order"},
    NamedFlaw{Flaw::shows_something_else, "shows-something-else", "which nobody said"},
    NamedFlaw{Flaw::swallows_warnings, "swallows-warnings", "nobody was told", 35},
    NamedFlaw{Flaw::stays_away, "stays-away", "never saw"},
    NamedFlaw{Flaw::stands_still, "stands-still", "never saw"},
    NamedFlaw{Flaw::trusts_the_wall, "trusts-the-wall", "never saw"},
    NamedFlaw{Flaw::old_save, "old-save", "rolled_back"},
    NamedFlaw{Flaw::reuses_a_key, "reuses-a-key", "one key and nonce"},
    NamedFlaw{Flaw::reuses_a_nonce, "reuses-a-nonce", "one key and nonce"},
    NamedFlaw{Flaw::relay_forgets, "relay-forgets", "repeated"},
    NamedFlaw{Flaw::relay_repeats, "relay-repeats", "repeated"},
    NamedFlaw{Flaw::relay_swaps, "relay-swaps", ""},
    NamedFlaw{Flaw::relay_same_epoch, "relay-same-epoch", "never saw"},
    NamedFlaw{Flaw::relay_forgets_acks, "relay-forgets-acks", "the relay keeps something"},
    NamedFlaw{Flaw::relay_keeps_all, "relay-keeps-all", "the relay is larger"},
};

}  // namespace parley::sim
