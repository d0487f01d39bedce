// The relay's side of TLS: one certificate for all listeners, replaced while connections go on.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/error.h"
#include "net/pin.h"

struct ssl_ctx_st;

namespace parley::net {

/// Both: a certificate that others signed. The key alone: a certificate of our own, and a pin that stays from start
/// to start; the file is made when there is none. Neither: a key that ends with the relay.
struct TlsFiles {
    std::string certificate{};
    std::string key{};
};

struct Credentials;

class TlsServer {
public:
    /// Errors: storage, damaged, bad_input, with one clear line.
    static Result<std::unique_ptr<TlsServer>> create(TlsFiles files);

    /// Reads the files again. What is wrong with the new ones leaves the old ones in use. From any thread.
    Status reload();

    /// What a client has to be told, unless an authority vouches for the certificate.
    std::optional<Pin> pin() const;

    /// When its certificate ends, in seconds since 1970. From any thread.
    std::int64_t expires() const;

    /// For the next connection; those that began with an older one go on with it. From any thread.
    std::shared_ptr<ssl_ctx_st> context() const;

private:
    struct State {
        std::shared_ptr<ssl_ctx_st> context;
        std::optional<Pin> pin;
    };
    TlsServer(TlsFiles files, State state) : files_(std::move(files)), state_(std::move(state)) {}
    static State make_state(const Credentials& credentials);

    const TlsFiles files_;
    mutable std::mutex mutex_;
    State state_;
};

}  // namespace parley::net
