#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

#include "sandbox/sandbox.h"

namespace parley::sandbox {
namespace {

/// As the kernel's header has it from 6.12 on; older kernels are told a smaller size.
struct Ruleset {
    std::uint64_t files;
    std::uint64_t net;
    std::uint64_t scopes;
};

constexpr std::uint64_t lowest(unsigned rights) { return (std::uint64_t{1} << rights) - 1; }

/// All rights that this version of Landlock can take away; one that it does not know is an error.
Ruleset everything(long version) {
    const unsigned files = version >= 5 ? 16 : version >= 3 ? 15 : version == 2 ? 14 : 13;
    return {lowest(files), version >= 4 ? lowest(2) : 0, version >= 6 ? lowest(2) : 0};
}
std::size_t size_for(long version) {
    return version >= 6 ? sizeof(Ruleset) : version >= 4 ? 2 * sizeof(std::uint64_t) : sizeof(std::uint64_t);
}

class Descriptor {
public:
    explicit Descriptor(long number) : number_(static_cast<int>(number)) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    int number() const { return number_; }
    bool is_open() const { return number_ >= 0; }

private:
    int number_;
};

bool allow_reading(const Descriptor& ruleset, const std::string& folder) {
    const Descriptor at(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!at.is_open()) return true;  // nothing there to read
    landlock_path_beneath_attr rule{};
    rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
    rule.parent_fd = at.number();
    return ::syscall(SYS_landlock_add_rule, ruleset.number(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
}

}  // namespace

Fence confine_files(const std::vector<std::string>& readable_folders) {
    const auto version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) return Fence::missing;
    const auto rights = everything(version);
    const Descriptor ruleset(::syscall(SYS_landlock_create_ruleset, &rights, size_for(version), 0));
    if (!ruleset.is_open()) return Fence::missing;
    for (const auto& folder : readable_folders) {
        if (!allow_reading(ruleset, folder)) return Fence::missing;
    }
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    return ::syscall(SYS_landlock_restrict_self, ruleset.number(), 0) == 0 ? Fence::stands : Fence::missing;
}

}  // namespace parley::sandbox
