#include "trial.hpp"

#include <charconv>
#include <iostream>

#include "crm/error.hpp"
#include "module_probe.hpp"

namespace crm::probe {
namespace {

enum Status { kGood = 0, kRefused = 1, kUsage = 2, kNotTried = 3 };

template <class Number>
bool parse(const std::string& text, Number& out) {
    const char* const end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, out);
    return result.ec == std::errc() && result.ptr == end;
}

}  // namespace

bool is_trial(const std::vector<std::string>& words) {
    return !words.empty() && words.front() == "--try";
}

int try_module(const std::vector<std::string>& words) {
    Manifest manifest{};
    detail::NativeFile descriptor = detail::kNoFile;
    std::size_t size = 0;
    if (words.size() != 6 || !parse(words[3], manifest.api_major) || !parse(words[4], descriptor) ||
        !parse(words[5], size)) {
        std::cerr << "usage: crm-module-probe --try FILE ID API-MAJOR DESCRIPTOR SIZE\n";
        return kUsage;
    }
    manifest.id = words[2];
    try {
        const std::filesystem::path file = words[1];
        const detail::CheckedModule module{manifest, detail::SealedFile(descriptor, size, file)};
        detail::probe_module(file, module, LoadOptions{});
        return kGood;
    } catch (const Error& failure) {
        std::cerr << failure.what() << "\n";
        return failure.code() == CRM_INVALID ? kRefused : kNotTried;
    } catch (const std::exception& failure) {
        std::cerr << failure.what() << "\n";
        return kNotTried;
    }
}

}  // namespace crm::probe
