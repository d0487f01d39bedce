// Everything that was sealed on its way to the relay, by what tells key and nonce: whoever seals two different things
// under one is caught, whoever posts the same bytes again is not.
#pragma once

#include <map>
#include <string>

#include "hostile/interceptor.h"

namespace parley::sim {

class Sealings {
public:
    void watch(const hostile::Passing& passing);
    std::size_t alike() const { return alike_; }

private:
    /// What was sealed, behind `name_size` bytes that name key and nonce.
    void note(ByteView sealed, std::size_t name_size);

    std::map<std::string, std::size_t> known_;  ///< hashes of what was sealed, by those names
    std::size_t alike_ = 0;
};

}  // namespace parley::sim
