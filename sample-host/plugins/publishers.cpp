#include "plugins/publishers.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "crm/error.hpp"

namespace crm::sample {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTrusted = ".pub";
constexpr const char* kDistrusted = ".distrusted";

void write(const fs::path& file, const std::string& text) {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << text;
    out.close();
    if (!out)
        throw std::runtime_error("cannot write " + file.string() +
                                 ": check that its folder is writable and the disk is not full");
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
}

}  // namespace

// Named after the key, so that one key has one file.
fs::path Publishers::file(const Publisher& publisher, const char* extension) const {
    std::string name = key_fingerprint(publisher.key);
    std::erase(name, ' ');
    return kept_ / (name + extension);
}

std::vector<Publisher> Publishers::trusted(std::vector<std::string>* complaints) const {
    std::vector<Publisher> all;
    for (const fs::path& folder : {shipped_, kept_}) {
        std::error_code missing;
        for (const auto& item : fs::directory_iterator(folder, missing)) {
            if (item.path().extension() != kTrusted) continue;
            try {
                const Publisher publisher = read_publisher(item.path());
                const auto same = [&](const Publisher& other) { return other.key == publisher.key; };
                if (std::ranges::any_of(all, same)) continue;
                if (!kept_.empty() && fs::exists(file(publisher, kDistrusted))) continue;
                all.push_back(publisher);
            } catch (const Error& error) {
                if (complaints != nullptr) complaints->emplace_back(error.what());
            }
        }
    }
    std::ranges::sort(all, {}, &Publisher::name);
    return all;
}

void Publishers::trust(const Publisher& publisher) {
    fs::create_directories(kept_);
    fs::permissions(kept_, fs::perms::owner_all);
    write(file(publisher, kTrusted), publisher_line(publisher));
    fs::remove(file(publisher, kDistrusted));
}

std::optional<Publisher> Publishers::distrust(const std::string& which) {
    const auto all = trusted();
    const auto is_meant = [&](const Publisher& publisher) {
        return which == publisher.key || which == publisher.name || which == key_fingerprint(publisher.key);
    };
    const auto found = std::ranges::find_if(all, is_meant);
    if (found == all.end()) return std::nullopt;
    fs::create_directories(kept_);
    fs::permissions(kept_, fs::perms::owner_all);
    // First the mark, so that the key is never back through the shipped folder.
    write(file(*found, kDistrusted), publisher_line(*found));
    fs::remove(file(*found, kTrusted));
    return *found;
}

}  // namespace crm::sample
