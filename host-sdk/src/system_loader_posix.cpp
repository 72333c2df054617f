#include "system_loader.hpp"

#include <string_view>

namespace crm::detail {

boost::dll::load_mode::type system_load_mode() noexcept {
    return boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local;
}

LoadFailure load_failure(const std::system_error& failure) {
    // Boost adds an errno that says nothing here; the system loader's own words stand in brackets.
    std::string text = failure.what();
    constexpr std::string_view kBefore = "dlerror system message: ";
    const std::size_t begin = text.find(kBefore);
    const std::size_t end = text.rfind(')');
    if (begin != std::string::npos && end != std::string::npos && end > begin + kBefore.size()) {
        text = text.substr(begin + kBefore.size(), end - begin - kBefore.size());
    }
    return {text, text.find("undefined symbol") != std::string::npos};
}

}  // namespace crm::detail
