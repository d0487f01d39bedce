// parley-vectors [DIR]: runs every Wycheproof file in DIR through our public types and prints per file
// how many tests agreed, disagreed and were not applicable. Without DIR it takes the folder
// "wycheproof" of the outside vectors, and leaves with 77 when there is none.
#include <cstdio>
#include <fstream>
#include <set>

#include "support/outside_vectors.h"
#include "vectors_runner/suite.h"

namespace parley::vectors {
namespace {

constexpr int skipped = 77;  // what ctest counts as skipped

struct Total {
    std::size_t agreed = 0;
    std::size_t disagreed = 0;
};

Total run_file(const std::filesystem::path& path) {
    const auto name = path.filename().string();
    std::ifstream in(path);
    const auto file = Json::parse(in);
    const auto judge = judge_of(file);
    if (judge == nullptr) {
        const auto schema = file.value("schema", "none");
        std::printf("%s: unknown schema %s\n", name.c_str(), schema.c_str());
        return {};
    }
    const auto tally = run(file, judge);
    std::printf("%s: %zu agreed, %zu disagreed, %zu not applicable\n", name.c_str(), tally.agreed,
                tally.disagreements.size(), tally.not_applicable);
    for (const auto& line : tally.disagreements) std::printf("    %s\n", line.c_str());
    return {tally.agreed, tally.disagreements.size()};
}

/// Sorted, so that two runs print the same.
std::set<std::filesystem::path> json_files(const std::filesystem::path& folder) {
    std::set<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".json") files.insert(entry.path());
    }
    return files;
}

int run_folder(const std::filesystem::path& folder) {
    Total total;
    for (const auto& path : json_files(folder)) {
        const auto one = run_file(path);
        total.agreed += one.agreed;
        total.disagreed += one.disagreed;
    }
    std::printf("%zu agreed, %zu disagreed\n", total.agreed, total.disagreed);
    // A run that compared nothing has proved nothing.
    return total.disagreed == 0 && total.agreed > 0 ? 0 : 1;
}

int main_of(int argc, char** argv) {
    if (argc > 2) {
        std::fprintf(stderr, "usage: parley-vectors [DIR]\n");
        return 2;
    }
    if (argc == 2) return run_folder(argv[1]);
    const auto folder = test::outside_vectors() / "wycheproof";
    if (std::filesystem::is_directory(folder)) return run_folder(folder);
    std::printf("no vectors in %s: skipped (PARLEY_VECTORS names another folder)\n", folder.c_str());
    return skipped;
}

}  // namespace
}  // namespace parley::vectors

int main(int argc, char** argv) {
    try {
        return parley::vectors::main_of(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "parley-vectors: %s\n", error.what());
        return 1;
    }
}
