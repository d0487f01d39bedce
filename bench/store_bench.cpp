// A save of a profile with ten people, beside a bare write and fsync of as many bytes.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "store/profile.h"
#include "world/world.h"

namespace parley::bench {
namespace {

constexpr std::size_t others = 10;
constexpr std::size_t lines_each = 20;

/// A room of eleven who have talked, with three lines in the outbox.
class Scene {
public:
    Scene() {
        for (std::size_t i = 0; i <= others; ++i) world_.start(world_.add({.name = "person" + std::to_string(i)}));
        world_.settle(std::chrono::seconds(5));
        for (std::size_t i = 0; i < lines_each * (others + 1); ++i) {
            world_.say(i % (others + 1), "what somebody says in passing, " + std::to_string(i));
            world_.settle(std::chrono::milliseconds(60));
        }
        world_.kill_relay();
        for (int i = 0; i < 3; ++i) world_.say(0, "in the outbox");
        make_profile();
    }
    ~Scene() {
        storage_.reset();
        profile_.reset();
        std::filesystem::remove_all(folder_);
    }

    void save() {
        if (!storage_->save(world_.client(0))) throw std::runtime_error("a save");
    }
    const std::string& folder() const { return folder_; }
    std::size_t file_size() const { return std::filesystem::file_size(folder_ + "/profiles/anna.parley"); }

private:
    void make_profile() {
        folder_ = "/tmp/parley-bench-XXXXXX";
        if (::mkdtemp(folder_.data()) == nullptr) throw std::runtime_error("a folder");
        const store::Unlock key{store::Unlock::Kind::key_file, SecretBytes(ByteView(Bytes(32, 1)))};
        auto persona = std::make_shared<client::Persona>(identity::Identity::generate(random_));
        profile_ = store::Profile::create({{folder_ + "/profiles", folder_ + "/witness"}}, "anna", key,
                                          std::move(persona), random_)
                       .value();
        auto& room = profile_->use({{"127.0.0.1", 5555}, identity::lobby_secret(), {}}, 1);
        storage_ = profile_->storage_of(room);
        save();
    }

    test::World world_{1};
    test::SeededRandom random_{7};
    std::string folder_;
    std::unique_ptr<store::Profile> profile_;
    std::unique_ptr<client::Storage> storage_;
};

Scene& scene() {
    static Scene scene;
    return scene;
}

void SaveTenPeople(benchmark::State& state) {
    scene().save();  // makes the scene
    for (auto _ : state) scene().save();
    state.counters["bytes"] = static_cast<double>(scene().file_size());
}
BENCHMARK(SaveTenPeople)->Unit(benchmark::kMicrosecond);

/// The floor: the same bytes over and over into one file, synced.
void BareWriteAndSync(benchmark::State& state) {
    const Bytes bytes(scene().file_size(), 0x5a);
    const auto path = scene().folder() + "/bare";
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    for (auto _ : state) {
        const auto written = ::pwrite(file, bytes.data(), bytes.size(), 0);
        if (written < 0 || ::fsync(file) != 0) throw std::runtime_error("a write");
    }
    ::close(file);
}
BENCHMARK(BareWriteAndSync)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace parley::bench
