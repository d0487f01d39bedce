// Whatever a proxy sends: refused, or an address that the bytes hold.
#include "net/proxy_header.h"

#include "base/ensure.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace parley;
    const ByteView bytes(data, size);
    const auto trusted = net::Networks::parse({"10.0.0.0/8", "2001:db8::/32"});
    (void)net::forwarded_for(text_of(bytes), *trusted);
    const auto named = net::parse_proxy_line(text_of(bytes));
    // What is taken has one reading.
    ensure(!named || !text_of(bytes).contains('\0'), "a line ends where it says");
    (void)net::Networks::parse({std::string(text_of(bytes))});
    if (size < net::proxy_header_start) return 0;
    const auto start = bytes.first<net::proxy_header_start>();
    (void)net::proxy_header_rest(start);
    (void)net::parse_proxy_header(start, bytes.subspan(net::proxy_header_start));
    return 0;
}
