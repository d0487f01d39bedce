// Networks as people write them: 10.0.0.0/8, 2001:db8::/32, or one address.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <optional>
#include <string>
#include <vector>

namespace parley::net {

class Networks {
public:
    Networks() = default;
    /// None when one of them means nothing, or has bits behind its prefix.
    static std::optional<Networks> parse(const std::vector<std::string>& texts);

    bool contains(const boost::asio::ip::address& address) const;
    bool empty() const { return networks_.empty(); }

private:
    /// IPv4 is kept as it is written in IPv6, so that both compare alike.
    struct Network {
        boost::asio::ip::address_v6::bytes_type bytes;
        unsigned prefix;
    };
    static std::optional<Network> parse_one(const std::string& text);

    std::vector<Network> networks_;
};

}  // namespace parley::net
