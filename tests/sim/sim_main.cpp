// parley-sim [COUNT] [--seed FIRST] [--meddling PERCENT] [--attack NAME[,NAME]] [--grace SECONDS] [--room KIB] [--flaw
// NAME] Plays storms one after the other; the first that fails is made smaller and shown. Exit code 1: one failed.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <stdexcept>

#include "sim/storm.h"

namespace parley::sim {
namespace {

struct Asked {
    std::uint64_t count = 1;
    Weather weather;
};

Flaw flaw_named(std::string_view name) {
    for (const auto& named : flaws) {
        if (named.name == name) return named.flaw;
    }
    std::string all;
    for (const auto& named : flaws) all += " " + std::string(named.name);
    throw std::runtime_error("there is no flaw " + std::string(name) + ", but:" + all);
}

Asked parse(std::span<char*> words) {
    Asked asked;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view word = words[i];
        if (!word.starts_with("--")) {
            asked.count = std::stoull(words[i]);
            continue;
        }
        if (++i == words.size()) throw std::runtime_error(std::string(word) + " needs a value");
        if (word == "--seed") asked.weather.seed = std::stoull(words[i]);
        else if (word == "--meddling") asked.weather.meddling = static_cast<unsigned>(std::stoul(words[i]));
        else if (word == "--attack") asked.weather.attack = words[i];
        else if (word == "--grace") asked.weather.grace = static_cast<std::uint32_t>(std::stoul(words[i]));
        else if (word == "--room") asked.weather.room = std::stoull(words[i]);
        else if (word == "--flaw") asked.weather.flaw = flaw_named(words[i]);
        else throw std::runtime_error("there is no option " + std::string(word));
    }
    return asked;
}

int run(const Asked& asked) {
    auto weather = asked.weather;
    for (std::uint64_t i = 0; i < asked.count; ++i, ++weather.seed) {
        const auto outcome = play(weather);
        if (outcome.complaints.empty()) continue;
        std::printf("%s", explain(weather, outcome).c_str());
        return 1;
    }
    std::printf("%llu storms from seed %llu: nothing to complain of\n", static_cast<unsigned long long>(asked.count),
                static_cast<unsigned long long>(asked.weather.seed));
    return 0;
}

}  // namespace
}  // namespace parley::sim

int main(int argc, char** argv) {
    try {
        return parley::sim::run(parley::sim::parse(std::span(argv, static_cast<std::size_t>(argc)).subspan(1)));
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "parley-sim: %s\n", failure.what());
        return 2;
    }
}
