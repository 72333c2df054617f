// Every bad file is refused quickly, within little memory, without a signal, and in words of its own.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <elf.h>
#include <catch2/catch.hpp>
#include <chrono>
#include <functional>
#include <map>

#include "plugin_folder.hpp"

namespace {

namespace fs = std::filesystem;
using namespace host_test;
using Clock = std::chrono::steady_clock;

// The promise is 2 s; a machine that is busy with something else is given more.
constexpr std::chrono::seconds kLongest{6};
constexpr long kMostKilobytes = 200'000'000 / 1024;

struct Outcome {
    int status = 0;
    std::string text;
    std::chrono::duration<double> time{};
    long kilobytes = 0;
};

// crm-host itself and the probe it waited for, whichever needed more memory.
Outcome check_plugin(const fs::path& module, const fs::path& scratch) {
    const fs::path out = scratch / "stderr";
    const auto begin = Clock::now();
    const pid_t child = ::fork();
    if (child == 0) {
        const int file = ::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        ::dup2(file, STDERR_FILENO);
        ::dup2(file, STDOUT_FILENO);
        ::execl(CRM_HOST_BIN, "crm-host", "plugin", "check", module.c_str(), static_cast<char*>(nullptr));
        ::_exit(127);
    }
    Outcome outcome;
    rusage usage{};
    REQUIRE(::wait4(child, &outcome.status, 0, &usage) == child);
    outcome.time = Clock::now() - begin;
    outcome.kilobytes = usage.ru_maxrss;
    outcome.text = read_file(out);
    return outcome;
}

std::string good() {
    return read_file(fs::path(FAULTY_FOLDER) / "sound.so");
}

std::string damaged(std::size_t at, char value) {
    std::string bytes = good();
    bytes.at(at) = value;
    return bytes;
}

fs::path signed_module(const fs::path& folder, const std::string& bytes,
                       const boost::json::object& changes = {}) {
    const fs::path module = add_module(folder, "sound", bytes, changes);
    sign_manifest(module);
    return module;
}

// Makes the bad file in an empty folder and answers its path; "" when this user can't make it.
using Maker = std::function<fs::path(const fs::path& folder)>;

Maker from(const char* folder, const std::string& stem) {
    return [=](const fs::path& plugins) {
        return signed_module(plugins, read_file(fs::path(folder) / (stem + ".so")));
    };
}

fs::path in_place_of_module(const fs::path& folder, const std::function<bool(const fs::path&)>& make) {
    const fs::path module = signed_module(folder, good());
    fs::remove(module);
    return make(module) ? module : fs::path();
}

const std::map<std::string, std::pair<std::string, Maker>> kBad{
    {"truncated",
     {"cut short",
      [](const fs::path& folder) { return signed_module(folder, good().substr(0, good().size() / 2)); }}},
    {"foreign architecture",
     {"IBM Z",
      [](const fs::path& folder) { return signed_module(folder, damaged(18, static_cast<char>(EM_S390))); }}},
    {"other operating system",
     {"a module for Linux (ELF OS ABI 0 or 3); found ELF OS ABI 9",
      [](const fs::path& folder) {
          return signed_module(folder, damaged(EI_OSABI, static_cast<char>(ELFOSABI_FREEBSD)));
      }}},
    {"other version of ELF",
     {"version 1 of the ELF format; found versions 2 and 1",
      [](const fs::path& folder) { return signed_module(folder, damaged(EI_VERSION, 2)); }}},
    {"other version of the file",
     {"version 1 of the ELF format; found versions 1 and 7",
      [](const fs::path& folder) { return signed_module(folder, damaged(20, 7)); }}},
    {"no ELF file",
     {"another kind of file",
      [](const fs::path& folder) { return signed_module(folder, std::string(9000, 'x')); }}},
    {"wrong magic", {"magic number", from(FAULTY_FOLDER, "wrong-magic")}},
    {"wrong major", {"built for API version", from(FAULTY_FOLDER, "other-major")}},
    {"wrong major in the manifest",
     {"in its manifest",
      [](const fs::path& folder) {
          return signed_module(folder, good(), {{"api", {{"major", 2}, {"minor", 0}}}});
      }}},
    {"no entry", {"exports crm_module_entry", from(FAULTY_FOLDER, "no-entry")}},
    {"undefined symbol", {"undefined symbol", from(FAULTY_FOLDER, "undefined-symbol")}},
    {"world-writable",
     {"chmod go-w",
      [](const fs::path& folder) {
          const fs::path module = signed_module(folder, good());
          fs::permissions(module, fs::perms::others_write, fs::perm_options::add);
          return module;
      }}},
    {"world-writable folder",
     {"chmod o-w",
      [](const fs::path& folder) {
          const fs::path module = signed_module(folder, good());
          fs::permissions(folder, fs::perms::others_write, fs::perm_options::add);
          return module;
      }}},
    {"wrong owner",
     {"owner uid 12345",
      [](const fs::path& folder) {
          const fs::path module = signed_module(folder, good());
          return ::chown(module.c_str(), 12345, 12345) == 0 ? module : fs::path();
      }}},
    {"link out of the folder",
     {"a link that leads to",
      [](const fs::path& folder) {
          return in_place_of_module(folder, [](const fs::path& module) {
              fs::create_symlink(fs::path(FAULTY_FOLDER) / "sound.so", module);
              return true;
          });
      }}},
    {"duplicate id",
     {"another manifest with it",
      [](const fs::path& folder) {
          add_module(folder, "copy", good());
          return signed_module(folder, good());
      }}},
    {"digest mismatch",
     {"as its manifest says",
      [](const fs::path& folder) {
          const fs::path module = signed_module(folder, good());
          write_file(module, good() + " ");
          return module;
      }}},
    {"bad signature",
     {"a signature that fits",
      [](const fs::path& folder) {
          const fs::path module = signed_module(folder, good());
          edit_manifest(module, {{"name", "Changed"}});
          return module;
      }}},
    {"broken signature",
     {"64 bytes as base64",
      [](const fs::path& folder) {
          const fs::path module = signed_module(folder, good());
          edit_manifest(module,
                        {{"signature",
                          {{"algorithm", "ed25519"}, {"key", std::string(43, 'A') + "="}, {"value", "x"}}}});
          return module;
      }}},
    {"unknown publisher",
     {"then trust the key",
      [](const fs::path& folder) {
          const fs::path module = add_module(folder, "sound", good());
          make_key(folder / "other.key", "Another publisher");
          sign_manifest(module, folder / "other.key");
          return module;
      }}},
    {"crafted key",
     {"by the key AAAA",
      [](const fs::path& folder) {
          const fs::path module = add_module(folder, "sound", good());
          edit_manifest(module, {{"signature",
                                  {{"algorithm", "ed25519"},
                                   {"key", std::string(43, 'A') + "="},
                                   {"value", std::string(86, 'A') + "=="}}}});
          return module;
      }}},
    {"unsigned",
     {"an unsigned one", [](const fs::path& folder) { return add_module(folder, "sound", good()); }}},
    {"no manifest",
     {"sound.so was refused: expected its manifest beside it, sound.json; found none",
      [](const fs::path& folder) {
          const fs::path module = signed_module(folder, good());
          fs::remove(folder / "sound.json");
          return module;
      }}},
    {"broken manifest",
     {"not JSON",
      [](const fs::path& folder) {
          const fs::path module = signed_module(folder, good());
          write_file(folder / "sound.json", "{not}");
          return module;
      }}},
    {"other file's manifest",
     {"that its manifest names",
      [](const fs::path& folder) {
          return signed_module(folder, good(), {{"file", "other.so"}});
      }}},
    {"missing",
     {"a module file; found No such file", [](const fs::path& folder) { return folder / "nothing.so"; }}},
    {"folder",
     {"found a folder",
      [](const fs::path& folder) {
          return in_place_of_module(folder,
                                    [](const fs::path& module) { return fs::create_directory(module); });
      }}},
    {"pipe",
     {"found a pipe",
      [](const fs::path& folder) {
          return in_place_of_module(
              folder, [](const fs::path& module) { return ::mkfifo(module.c_str(), 0600) == 0; });
      }}},
    {"device",
     {"found a device",
      [](const fs::path& folder) {
          return in_place_of_module(folder, [](const fs::path& module) {
              return ::mknod(module.c_str(), S_IFCHR | 0600, ::makedev(1, 5)) == 0;
          });
      }}},
    {"too small",
     {"at least 4 KiB",
      [](const fs::path& folder) { return signed_module(folder, good().substr(0, 4000)); }}},
    {"too large",
     {"at most 128 MiB",
      [](const fs::path& folder) {
          const fs::path module = signed_module(folder, good());
          fs::resize_file(module, 128ul * 1024 * 1024 + 1);
          return module;
      }}},
    {"as large as allowed, but nothing",
     {"another kind of file",
      [](const fs::path& folder) {
          const fs::path module = signed_module(folder, good());
          fs::resize_file(module, 0);
          fs::resize_file(module, 128ul * 1024 * 1024);
          return module;
      }}},
    {"crashes while it is mapped",
     {"a crash (signal 6, Aborted) while being mapped", from(PROBE_FAULTS_FOLDER, "crashes-loading")}},
    {"crashes while it describes itself",
     {"a crash (signal 11, Segmentation fault) while describing itself",
      from(PROBE_FAULTS_FOLDER, "crashes-describing")}},
    {"hangs", {"hung while making an instance", from(PROBE_FAULTS_FOLDER, "hangs")}},
    {"computes for ever",
     {"went on computing while making an instance", from(PROBE_FAULTS_FOLDER, "computes")}},
    {"eats memory", {"asked for more while describing itself", from(PROBE_FAULTS_FOLDER, "eats-memory")}},
    {"exits", {"ended the process (exit status 0) while being mapped", from(PROBE_FAULTS_FOLDER, "exits")}},
    {"describes another id", {R"(found "another")", from(PROBE_FAULTS_FOLDER, "other-id")}},
};

}  // namespace

TEST_CASE("host: a sound module and the product would be loaded") {
    const TemporaryFolder folder;
    const Outcome sound = check_plugin(signed_module(folder.path(), good()), folder.path());
    CAPTURE(sound.text);
    CHECK(sound.status == 0);
    const Outcome product = check_plugin(fs::path(PRODUCT_FOLDER) / "metakocka-autosync.so", folder.path());
    CAPTURE(product.text);
    CHECK(product.status == 0);
    CHECK(product.kilobytes < kMostKilobytes);
}

TEST_CASE("host: every bad file is refused in time, in little memory, with exit status 1 and its own text") {
    std::map<std::string, std::string> texts;
    for (const auto& [name, bad] : kBad) {
        CAPTURE(name);
        const TemporaryFolder folder;
        const fs::path module = bad.second(folder.path());
        if (module.empty()) {
            WARN("this user can't make the file for: " << name);
            continue;
        }
        const TemporaryFolder scratch;
        const Outcome outcome = check_plugin(module, scratch.path());
        CAPTURE(outcome.text);
        REQUIRE(WIFEXITED(outcome.status));
        CHECK(WEXITSTATUS(outcome.status) == 1);
        CHECK(outcome.time < kLongest);
        CHECK(outcome.kilobytes < kMostKilobytes);
        CHECK_THAT(outcome.text, Catch::Contains(bad.first));
        for (const char* part : {" was refused: ", "xpected ", "ound "}) {
            CHECK_THAT(outcome.text, Catch::Contains(part));
        }
        CHECK(outcome.text.ends_with(".\n"));  // the remedy
        CHECK(outcome.text.find("Bad file descriptor") == std::string::npos);
        // But for the folder's name, which is another one each time.
        std::string text = outcome.text;
        for (std::size_t at; (at = text.find(folder.path().string())) != std::string::npos;) {
            text.erase(at, folder.path().string().size());
        }
        if (name == "as large as allowed, but nothing") continue;
        const auto [same, added] = texts.emplace(text, name);
        CAPTURE(same->second);
        CHECK(added);
    }
}
