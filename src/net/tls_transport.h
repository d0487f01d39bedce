// TLS straight on a socket: OpenSSL reads and writes the descriptor itself, and we wait for it.
#pragma once

#include "net/openssl.h"
#include "net/tcp_socket.h"
#include "net/transport.h"

namespace parley::net {

class TlsTransport final : public Transport {
public:
    /// `ssl` knows its role and whom it trusts.
    TlsTransport(TcpSocket socket, SslPtr ssl);

    /// Before anything else. Error: what OpenSSL said last, for whoever can explain it; the connection is of no use
    /// then.
    boost::asio::awaitable<Status> handshake();
    /// What both agreed to speak inside (RFC 7301); empty: they did not say.
    std::string_view protocol() const;
    SSL& ssl() { return *ssl_; }

    boost::asio::awaitable<bool> wait_readable() override;
    boost::asio::awaitable<bool> wait_writable() override;
    Result<std::size_t> read_some(MutableBytes into) override;
    Result<std::size_t> write_some(std::span<const boost::asio::const_buffer> from) override;
    std::optional<int> watchable() override { return socket_.leave_asio(); }
    bool has_more() const override { return !drained_; }
    void close() override;
    TransportPtr detach() override;

private:
    bool is_for_later(int outcome) const;
    Error ended(int outcome) const;

    TcpSocket socket_;
    SslPtr ssl_;
    bool drained_ = false;              ///< OpenSSL has given all it can without another read
    bool write_waits_to_read_ = false;  ///< half of the peer's key update is here: writing goes on after the rest
};

}  // namespace parley::net
