// Everything a host must not load, each with a text of its own.
#include <sys/stat.h>
#include <unistd.h>

#include <elf.h>
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

std::string with_byte(std::string bytes, std::size_t at, char value) {
    bytes.at(at) = value;
    return bytes;
}

}  // namespace

TEST_CASE("a module in another folder loads; its file may be replaced afterwards") {
    const PluginFolder folder;
    const auto file = folder.add("moved", good_bytes());
    CHECK(refusal(file) == "");
    // The mapping is of a sealed copy, so overwriting the file in place can't hurt what runs.
    folder.write("moved.so", std::string(8192, 'x'));
    CHECK_THAT(refusal(file), Contains("ELF"));
}

TEST_CASE("a file that is missing, too small or no module is refused") {
    const PluginFolder folder;
    CHECK_THAT(refusal(folder.path() / "nothing.so"), Contains("No such file"));
    CHECK_THAT(refusal(folder.add("tiny", good_bytes().substr(0, 4095))), Contains("at least 4 KiB"));
    CHECK_THAT(refusal(folder.add("text", std::string(9000, 'x'))), Contains("an ELF shared object"));
    fs::create_directory(folder.path() / "folder.so");
    CHECK_THAT(refusal(folder.path() / "folder.so"), Contains("a regular file"));
    REQUIRE(::mkfifo((folder.path() / "pipe.so").c_str(), 0600) == 0);
    CHECK_THAT(refusal(folder.path() / "pipe.so"), Contains("a regular file"));
    folder.add("sparse", good_bytes());
    fs::resize_file(folder.path() / "sparse.so", 128 * 1024 * 1024 + 1);
    CHECK_THAT(refusal(folder.path() / "sparse.so"), Contains("at most 128 MiB"));
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

TEST_CASE("a module for another machine is refused by name") {
    const PluginFolder folder;
    const std::string bytes = good_bytes();
    CHECK_THAT(refusal(folder.add("foreign", with_byte(bytes, 18, static_cast<char>(EM_S390)))),
               Contains("IBM Z"));
    CHECK_THAT(refusal(folder.add("foreign", with_byte(bytes, EI_CLASS, sizeof(void*) == 8 ? 1 : 2))),
               Contains("-bit module"));
    CHECK_THAT(refusal(folder.add("foreign", with_byte(bytes, EI_DATA, ELFDATA2MSB))),
               Contains("byte order"));
    CHECK_THAT(refusal(folder.add("foreign", with_byte(bytes, 16, ET_EXEC))), Contains("a shared object"));
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
    folder.write("pair.so", good_bytes() + " ");
    CHECK_THAT(refusal(file), Contains("SHA-256"));
    fs::remove(folder.path() / "pair.json");
    CHECK_THAT(refusal(file), Contains("a manifest"));
    CHECK_THAT(refusal(file), Contains("No such file"));
    folder.add("pair", good_bytes());
    fs::rename(file, folder.path() / "other.so");
    fs::rename(folder.path() / "pair.json", folder.path() / "other.json");
    CHECK_THAT(refusal(folder.path() / "other.so"), Contains("that its manifest names"));
    folder.write("other.json", "no manifest");
    CHECK_THAT(refusal(folder.path() / "other.so"), Contains("not JSON"));
    folder.write("other.json", std::string(70'000, ' '));
    CHECK_THAT(refusal(folder.path() / "other.so"), Contains("64 KiB"));
}

TEST_CASE("a file that others can change is refused") {
    const PluginFolder folder;
    const auto file = folder.add("open", good_bytes());
    fs::permissions(file, fs::perms::others_write, fs::perm_options::add);
    CHECK_THAT(refusal(file), Contains("only its owner can write") && Contains("0646"));
    fs::permissions(file, fs::perms::others_write, fs::perm_options::remove);
    fs::permissions(file, fs::perms::group_write, fs::perm_options::add);
    CHECK_THAT(refusal(file), Contains("only its owner can write") && Contains("0664"));
    fs::permissions(file, fs::perms::group_write, fs::perm_options::remove);
    fs::permissions(folder.path() / "open.json", fs::perms::others_write, fs::perm_options::add);
    CHECK_THAT(refusal(file), Contains("a manifest that only its owner can write"));
    fs::permissions(folder.path() / "open.json", fs::perms::others_write, fs::perm_options::remove);
    fs::permissions(folder.path(), fs::perms::others_write, fs::perm_options::add);
    CHECK_THAT(refusal(file), Contains("a folder that only its owner and group can write"));
}

TEST_CASE("a file of another user is refused") {
    if (::geteuid() != 0) {
        WARN("only root can give files away: not tested");
        return;
    }
    const PluginFolder folder;
    const auto file = folder.add("foreign-owner", good_bytes());
    REQUIRE(::chown(file.c_str(), 12345, 12345) == 0);
    CHECK_THAT(refusal(file), Contains("owner uid 12345"));
    REQUIRE(::chown(file.c_str(), 0, 0) == 0);
    REQUIRE(::chown(folder.path().c_str(), 12345, 12345) == 0);
    CHECK_THAT(refusal(file), Contains("a folder owned by root"));
}

TEST_CASE("a link out of the folder is refused, one inside it is followed") {
    const PluginFolder folder;
    const PluginFolder outside;
    const auto real = outside.add("linked", good_bytes());
    folder.add("linked", good_bytes());
    fs::remove(folder.path() / "linked.so");
    fs::create_symlink(real, folder.path() / "linked.so");
    CHECK_THAT(refusal(folder.path() / "linked.so"), Contains("a link that leads to"));

    fs::remove(folder.path() / "linked.so");
    folder.write("linked-1.0.so", good_bytes());
    fs::create_symlink("linked-1.0.so", folder.path() / "linked.so");
    CHECK(refusal(folder.path() / "linked.so") == "");

    folder.add("manifest-out", good_bytes());
    fs::remove(folder.path() / "manifest-out.json");
    fs::create_symlink(outside.path() / "linked.json", folder.path() / "manifest-out.json");
    CHECK_THAT(refusal(folder.path() / "manifest-out.so"), Contains("a link that leads to"));
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
        CHECK_THAT(refusal(folder.add(stem, read_text(kFixtures / (std::string(stem) + ".so")))),
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
