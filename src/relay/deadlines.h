// When to look again at whom: a heap in which everyone waits at most once and knows its place, so that no
// flapping connection piles up timers of a day.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/ensure.h"
#include "base/time.h"

namespace parley::relay {

/// 0: does not wait.
using DeadlinePlace = std::uint32_t;

/// `PlaceOf`: where each Who keeps its place, `DeadlinePlace& operator()(Who)`.
template <class Who, class PlaceOf>
class Deadlines {
public:
    explicit Deadlines(PlaceOf place_of = {}) : place_of_(place_of) {}

    void add(Who who, Time at) {
        ensure(place_of_(who) == 0, "each waits once");
        heap_.emplace_back();
        rise(heap_.size(), {at, who});
    }
    /// One that does not wait stays so.
    void remove(Who who) {
        const auto place = std::exchange(place_of_(who), 0);
        if (place == 0) return;
        const auto last = heap_.back();
        heap_.pop_back();
        if (place <= heap_.size()) settle(place, last);
    }
    void bring_forward(Who who, Time at) {
        const auto place = place_of_(who);
        if (place != 0 && at < waiting(place).at) rise(place, {at, who});
    }
    /// Takes out the first one whose time has come.
    std::optional<Who> take_due(Time now) {
        if (heap_.empty() || heap_.front().at > now) return std::nullopt;
        const auto who = heap_.front().who;
        remove(who);
        return who;
    }
    std::optional<Time> next() const {
        if (heap_.empty()) return std::nullopt;
        return heap_.front().at;
    }
    std::size_t size() const { return heap_.size(); }

private:
    struct Waiting {
        Time at;
        Who who;
    };

    // Places count from 1: the parent of p is p / 2.
    Waiting& waiting(std::size_t place) { return heap_[place - 1]; }
    void put(std::size_t place, const Waiting& entry) {
        waiting(place) = entry;
        place_of_(entry.who) = static_cast<DeadlinePlace>(place);
    }
    void settle(std::size_t place, const Waiting& entry) {
        if (place > 1 && entry.at < waiting(place / 2).at) rise(place, entry);
        else sink(place, entry);
    }
    void rise(std::size_t place, const Waiting& entry) {
        for (; place > 1 && entry.at < waiting(place / 2).at; place /= 2) put(place, waiting(place / 2));
        put(place, entry);
    }
    void sink(std::size_t place, const Waiting& entry) {
        while (2 * place <= heap_.size()) {
            auto child = 2 * place;
            if (child < heap_.size() && waiting(child + 1).at < waiting(child).at) ++child;
            if (entry.at <= waiting(child).at) break;
            put(place, waiting(child));
            place = child;
        }
        put(place, entry);
    }

    PlaceOf place_of_;
    std::vector<Waiting> heap_;
};

}  // namespace parley::relay
