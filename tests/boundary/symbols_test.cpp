// What a module shows to the rest of the process.
#include <catch2/catch.hpp>
#include <cstdio>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "fixtures.hpp"

namespace {

// The lines that a program writes about `file`.
std::vector<std::string> lines_of(const std::string& program, const std::filesystem::path& file) {
    const std::string command = program + " '" + file.string() + "'";
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
    REQUIRE(pipe != nullptr);
    std::string text;
    for (int c = std::fgetc(pipe.get()); c != EOF; c = std::fgetc(pipe.get()))
        text.push_back(static_cast<char>(c));
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

}  // namespace

TEST_CASE("a module exports one symbol, and none that is unique in the process") {
    const auto file = GENERATE(from_range(fixture_modules()));
    CAPTURE(file);
    const auto symbols = lines_of("nm -D --defined-only", file);  // each "address type name"
    REQUIRE(symbols.size() == 1);
    CHECK_THAT(symbols.front(), Catch::EndsWith(" T crm_module_entry"));
}

TEST_CASE("each variant of the fixture uses the C++ library that its name says") {
    const std::map<std::string, std::string> libraries{{"fixture-gcc.so", "libstdc++.so.6"},
                                                       {"fixture-gcc-static.so", ""},
                                                       {"fixture-clang.so", "libstdc++.so.6"},
                                                       {"fixture-clang-libcxx.so", "libc++.so.1"}};
    const auto file = GENERATE(from_range(fixture_modules()));
    const auto expected = libraries.find(file.filename().string());
    if (expected == libraries.end()) return;  // "own": whatever the project is built with
    CAPTURE(file);
    std::string found;
    for (const auto& line : lines_of("readelf -d", file)) {
        for (const char* library : {"libstdc++.so.6", "libc++.so.1"}) {
            if (line.find("(NEEDED)") != std::string::npos && line.find(library) != std::string::npos)
                found += library;
        }
    }
    CHECK(found == expected->second);
}
