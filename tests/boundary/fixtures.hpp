// Where the fixture modules are, and throw-away plugin folders made of them.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "crm/loader.hpp"
#include "crypto.hpp"

inline const std::filesystem::path kFixtures = FIXTURE_DIR;
inline const std::string kSuffix = MODULE_SUFFIX;  // of module files on this system

// The names in a list that the build made.
inline std::vector<std::string> words(const std::string& list) {
    std::istringstream in(list);
    return {std::istream_iterator<std::string>(in), {}};
}

// The same module by every compiler that was there at build time. A test over all of them:
//     const auto file = GENERATE(from_range(fixture_modules()));
inline std::vector<std::filesystem::path> fixture_modules() {
    std::vector<std::filesystem::path> modules;
    for (const auto& variant : words(FIXTURE_VARIANTS))
        modules.push_back(kFixtures / ("fixture-" + variant + kSuffix));
    return modules;
}

inline std::string read_text(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

class PluginFolder {
  public:
    PluginFolder() {
        std::random_device random;
        do {
            path_ = std::filesystem::temp_directory_path() / ("boundary-" + std::to_string(random()));
        } while (!create_directory(path_));
    }
    ~PluginFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    PluginFolder(const PluginFolder&) = delete;
    PluginFolder& operator=(const PluginFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }

    std::filesystem::path write(const std::string& name, const std::string& text) const {
        const auto file = path_ / name;
        std::ofstream(file, std::ios::binary) << text;
        using std::filesystem::perms;
        permissions(file, perms::owner_read | perms::owner_write | perms::group_read | perms::others_read);
        return file;
    }

    // A module file of these bytes with a manifest that fits it in every respect.
    std::filesystem::path add(const std::string& stem, const std::string& bytes) const {
        const std::string digest = crm::detail::sha256_hex(std::as_bytes(std::span(bytes)));
        write(stem + ".json", R"({"id":")" + stem + R"(","name":"Test","version":"1.0.0","file":")" + stem +
                                  kSuffix + R"(","sha256":")" + digest + R"(","api":{"major":1,"minor":0}})");
        return write(stem + kSuffix, bytes);
    }

  private:
    std::filesystem::path path_;
};

// The reason why `file` was refused; "" when it was not.
inline std::string refusal(const std::filesystem::path& file) {
    try {
        crm::load_module(file);
    } catch (const crm::Error& failure) {
        return failure.code() == CRM_INVALID ? failure.what() : "wrong code: " + std::string(failure.what());
    }
    return "";
}
