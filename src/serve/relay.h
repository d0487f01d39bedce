// A running relay: one loop per thread, each with its own rooms. parley-relay runs one, and so does
// a parley that found none.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "net/receive.h"
#include "relay/limits.h"
#include "serve/gate.h"
#include "serve/report.h"

namespace parley::serve {

struct Address {
    std::string host;
    std::uint16_t port = 0;  ///< 0: any free one
    net::Scheme scheme = net::Scheme::tcp;
};

struct Options {
    std::vector<Address> listen;
    std::size_t threads = 1;
    Duration spin{};  ///< of a loop that has nothing to do, before it sleeps
    relay::Limits limits{};
    Gate::Rules gate{};
    net::TlsFiles certificate{};  ///< where an address has TLS
    net::WebRules web{};
    std::optional<Address> metrics{};  ///< of this machine, for its operator
};

class Loop;

class Relay {
public:
    /// Listens: who connects waits for run(). Errors: unreachable, bad_input, with one clear line.
    static Result<std::unique_ptr<Relay>> listen(const Options& options);
    /// Serves, on threads of its own.
    void run();
    /// Cuts what is left.
    ~Relay();
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    /// The ports it listens on, in the order of the options.
    const std::vector<std::uint16_t>& ports() const { return ports_; }

    /// What clients have to be told beside an address with TLS, unless an authority vouches for the certificate.
    std::optional<net::Pin> pin() const { return tls_ ? tls_->pin() : std::nullopt; }
    /// Reads certificate and key again; on an error the old ones stay in use.
    Status reload_certificate() { return tls_ ? tls_->reload() : Status{}; }

    /// How it is, for its operator. From any thread.
    Condition condition();

    /// Tells everybody that it stops, gives what is on its way up to 2 s, and ends.
    void stop();

private:
    explicit Relay(const Options& options);
    Status prepare_tls(const Options& options);
    Status listen_at(const Address& address, const Options& options);

    std::unique_ptr<net::TlsServer> tls_;  ///< before the loops, which use it
    Gate gate_;                            ///< the same: their connections leave it
    std::vector<std::unique_ptr<Loop>> loops_;
    std::vector<std::uint16_t> ports_;
    std::size_t newcomers_memory_;
    std::atomic<bool> stopping_ = false;
};

}  // namespace parley::serve
