// What a host must not load, on any system, each with a text of its own.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>

#include "fixtures.hpp"

namespace fs = std::filesystem;
using Catch::Contains;

namespace {

std::string good_bytes() {
    return read_text(fixture_modules().front());
}

}  // namespace

TEST_CASE("a file that is too small, too large or no module is refused") {
    const PluginFolder folder;
    CHECK_THAT(refusal(folder.add("tiny", good_bytes().substr(0, 4095))), Contains("at least 4 KiB"));
    CHECK_THAT(refusal(folder.add("text", std::string(9000, 'x'))), Contains("another kind of file"));
    const auto directory = folder.path() / ("folder" + kSuffix);
    fs::create_directory(directory);
    CHECK_THAT(refusal(directory), Contains("a regular file"));
    const auto sparse = folder.add("sparse", good_bytes());
    fs::resize_file(sparse, 128 * 1024 * 1024 + 1);
    CHECK_THAT(refusal(sparse), Contains("at most 128 MiB"));
}

TEST_CASE("a module cut short anywhere is refused before it is mapped") {
    const PluginFolder folder;
    const std::string bytes = good_bytes();
    for (std::size_t part = 1; part < 40; ++part) {
        const std::size_t length = std::max<std::size_t>(4096, bytes.size() * part / 40);
        CHECK_THAT(refusal(folder.add("cut", bytes.substr(0, length))), Contains("cut short"));
    }
    CHECK_THAT(refusal(folder.add("cut", bytes.substr(0, bytes.size() - 1))), Contains("cut short"));
}

TEST_CASE("damaged headers are refused, whatever they claim") {
    const PluginFolder folder;
    const std::string bytes = good_bytes();
    std::srand(7);
    for (int i = 0; i < 200; ++i) {
        std::string damaged = bytes;
        for (int k = 0; k < 4; ++k) {
            damaged.at(static_cast<std::size_t>(std::rand()) % 512) = static_cast<char>(std::rand());
        }
        // Checked only: what passes may still be nonsense, and the digest is what keeps it out in earnest.
        try {
            crm::check_module_file(folder.add("damaged", damaged));
        } catch (const crm::Error& failure) {
            CHECK(failure.code() == CRM_INVALID);
        }
    }
}

TEST_CASE("a module and a manifest that do not belong together are refused") {
    const PluginFolder folder;
    const auto file = folder.add("pair", good_bytes());
    folder.write("pair" + kSuffix, good_bytes() + " ");
    CHECK_THAT(refusal(file), Contains("SHA-256"));
    fs::remove(folder.path() / "pair.json");
    CHECK_THAT(refusal(file), Contains("manifest"));
    folder.add("pair", good_bytes());
    const auto other = folder.path() / ("other" + kSuffix);
    fs::rename(file, other);
    fs::rename(folder.path() / "pair.json", folder.path() / "other.json");
    CHECK_THAT(refusal(other), Contains("that its manifest names"));
    folder.write("other.json", "no manifest");
    CHECK_THAT(refusal(other), Contains("not JSON"));
    folder.write("other.json", std::string(70'000, ' '));
    CHECK_THAT(refusal(other), Contains("64 KiB"));
}

TEST_CASE("a library that breaks the contract of the entry is refused") {
    const PluginFolder folder;
    const std::pair<const char*, const char*> cases[] = {
        {"bad-magic", "magic number"},
        {"bad-major", "version 2.0"},
        {"short-entry", "one of 16 bytes"},
        {"no-entry", "exports crm_module_entry"},
        {"null-entry", "an entry table; found none"},
        {"no-connector", "a module without it"},
        {"short-connector", "with all its functions"},
    };
    for (const auto& [stem, text] : cases) {
        CAPTURE(stem);
        CHECK_THAT(refusal(folder.add(stem, read_text(kFixtures / (std::string(stem) + kSuffix)))),
                   Contains(text));
    }
}

TEST_CASE("a module for another API version is refused before it is mapped") {
    const PluginFolder folder;
    const auto file = folder.add("newer", good_bytes());
    std::string manifest = read_text(folder.path() / "newer.json");
    manifest.replace(manifest.find(R"("major":1)"), 9, R"("major":2)");
    folder.write("newer.json", manifest);
    CHECK_THAT(refusal(file), Contains("API version 1") && Contains("Update this host"));
}
