// parley-seeds DIR: writes the seeds of all fuzz targets into folders of DIR.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "fuzz/seeds/seeds.h"

int main(int count, char** arguments) {
    if (count != 2) return std::fputs("usage: parley-seeds DIR\n", stderr), 2;
    parley::fuzz::Seeds seeds;
    parley::fuzz::add_seeds_of_the_wire(seeds);
    parley::fuzz::add_seeds_of_people(seeds);
    for (const auto& [name, bytes] : seeds) {
        const auto path = std::filesystem::path(arguments[1]) / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream file(path, std::ios::binary | std::ios::trunc);
        file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        if (!file.flush()) return std::perror(path.c_str()), 1;
    }
    return 0;
}
