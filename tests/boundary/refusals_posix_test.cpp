// What a host must not load on Linux: ELF headers, mode bits, owners, links. tests/windows has the
// counterpart.
#include <sys/stat.h>
#include <unistd.h>

#include <elf.h>
#include <catch2/catch.hpp>
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

TEST_CASE("a file that is missing, or a pipe, is refused") {
    const PluginFolder folder;
    CHECK_THAT(refusal(folder.path() / "nothing.so"), Contains("No such file"));
    REQUIRE(::mkfifo((folder.path() / "pipe.so").c_str(), 0600) == 0);
    CHECK_THAT(refusal(folder.path() / "pipe.so"), Contains("a regular file"));
    const auto file = folder.add("alone", good_bytes());
    fs::remove(folder.path() / "alone.json");
    CHECK_THAT(refusal(file), Contains("expected its manifest beside it, alone.json; found none"));
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
