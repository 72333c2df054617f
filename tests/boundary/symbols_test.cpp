// What a module shows to the rest of the process.
#include <catch2/catch.hpp>
#include <cstdio>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "fixtures.hpp"

namespace {

// The lines of `nm -D --defined-only`, each "address type name".
std::vector<std::string> exported(const std::filesystem::path& file) {
    const std::string command = "nm -D --defined-only '" + file.string() + "'";
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
    for (const auto& file : fixture_modules()) {
        CAPTURE(file);
        const auto symbols = exported(file);
        REQUIRE(symbols.size() == 1);
        CHECK_THAT(symbols.front(), Catch::EndsWith(" T crm_module_entry"));
    }
}

TEST_CASE("modules by both compilers were tested") {
    if (fixture_modules().size() < 2) WARN("no clang++ at build time: only one compiler's module was tested");
    CHECK_FALSE(fixture_modules().empty());
}
