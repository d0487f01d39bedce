// Random strings that are as nasty as random strings get, the same in every run.
#pragma once

#include <cstdint>
#include <string>

namespace parley::ui {

class RandomText {
public:
    std::string next() {
        std::string text;
        for (auto left = number() % 12; left > 0; --left) text += piece();
        return text;
    }

private:
    std::uint32_t number() {
        state_ ^= state_ << 13U;
        state_ ^= state_ >> 7U;
        state_ ^= state_ << 17U;
        return static_cast<std::uint32_t>(state_ >> 32U);
    }
    std::string piece() {
        switch (number() % 6) {
            case 0: return {static_cast<char>(number())};
            case 1: return {static_cast<char>(number() % 0x20)};
            case 2: return "\x1b[";
            case 3: return {'\xc2', static_cast<char>(0x80U + number() % 0x40U)};
            case 4:
                return {'\xe2', static_cast<char>(0x80U + number() % 2), static_cast<char>(0x80U + number() % 0x40U)};
            default: return {static_cast<char>(0x20U + number() % 0x5fU)};
        }
    }
    std::uint64_t state_ = 0x9e3779b97f4a7c15U;
};

}  // namespace parley::ui
