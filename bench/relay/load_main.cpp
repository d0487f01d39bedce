// relay_load: one workload against one relay that runs already; prints its figures as one line of JSON.
//   relay_load PROTOCOL PORT PID WORKLOAD [body=N] [flight=N] [count=N] [ms=N] [warm=N] [awake=1] [carrier=tcp|tls|ws]
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <stdexcept>

#include "workloads.h"

namespace parley::bench {
namespace {

std::unique_ptr<Protocol> make_protocol(std::string_view name, const Load& load) {
    if (name == "forwarder") return make_forwarder(load.body_size);
    if (name == "parley") return make_parley(load.body_size, shape_of(load).seats_per_room);
    if (name == "nats") return make_nats(load.body_size);
    if (name == "redis") return make_redis(load.body_size);
    if (name == "mosquitto") return make_mqtt(load.body_size);
    throw std::runtime_error("no protocol of this name");
}

Load parse(std::span<char*> words) {
    Load load;
    load.workload = words[0];
    for (const std::string word : words.subspan(1)) {
        const auto equals = word.find('=');
        const auto name = word.substr(0, equals);
        if (name == "carrier") {
            load.carrier = word.substr(equals + 1);
            continue;
        }
        const auto value = static_cast<std::uint32_t>(std::stoul(word.substr(equals + 1)));
        if (name == "body") load.body_size = value;
        else if (name == "flight") load.in_flight = value;
        else if (name == "count") load.count = value;
        else if (name == "ms") load.time = std::chrono::milliseconds(value);
        else if (name == "warm") load.warm_up = std::chrono::milliseconds(value);
        else if (name == "awake") load.awake = value != 0;
        else throw std::runtime_error("no option " + name);
    }
    return load;
}

void print(const Figures& figures) {
    std::printf("{\"messages\": %.0f, \"seconds\": %.6f, \"in_flight\": %u", figures.messages, figures.seconds,
                figures.in_flight);
    if (figures.messages > 0) {
        const auto cpu = static_cast<double>(figures.server_cpu.count()) / 1000;
        std::printf(", \"cpu_us\": %.5f, \"rate\": %.0f", cpu / figures.messages, figures.messages / figures.seconds);
    }
    if (figures.p50_us) std::printf(", \"p50_us\": %.2f, \"p99_us\": %.2f", *figures.p50_us, *figures.p99_us);
    if (figures.bytes_each) std::printf(", \"bytes_each\": %.0f", *figures.bytes_each);
    std::printf("}\n");
}

int measure(std::span<char*> words) {
    if (words.size() < 5) throw std::runtime_error("relay_load PROTOCOL PORT PID WORKLOAD [name=value]...");
    const auto load = parse(words.subspan(4));
    const auto protocol = make_protocol(words[1], load);
    const Server server(std::atoi(words[3]));
    print(run(load, *protocol, carry_by(load.carrier), server, static_cast<std::uint16_t>(std::atoi(words[2]))));
    return 0;
}

}  // namespace
}  // namespace parley::bench

int main(int argc, char** argv) {
    try {
        return parley::bench::measure(std::span(argv, static_cast<std::size_t>(argc)));
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "relay_load: %s\n", failure.what());
        return 1;
    }
}
