// Where the client's state goes before a Send depends on it.
#pragma once

#include "base/error.h"

namespace parley::client {

class Client;

class Storage {
public:
    Storage() = default;
    Storage(const Storage&) = delete;
    Storage& operator=(const Storage&) = delete;
    virtual ~Storage() = default;

    /// Durable when it returns. On failure nothing that depends on it may be sent.
    virtual Status save(const Client& client) = 0;
};

/// Without a profile nothing is written, at all.
class KeepsNothing final : public Storage {
public:
    Status save(const Client&) override { return {}; }
};

}  // namespace parley::client
