#include "module_image.hpp"
#include "pe_check.hpp"

namespace crm::validator {

ModuleImage::ModuleImage(std::span<const std::byte> bytes) {
    const detail::PeFacts facts = detail::read_pe("module.dll", bytes);
    for (const auto& item : facts.exports) exported_.push_back({item.name, item.function, false});
    bind_now_ = !facts.delays_imports;
    executable_stack_ = facts.executable_data;
    writable_code_ = facts.writable_code;
}

}  // namespace crm::validator
