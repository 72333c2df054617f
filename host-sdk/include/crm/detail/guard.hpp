// How exceptions become codes and codes become exceptions. Every thunk of both sides goes through here.
#pragma once

#include <cstddef>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include "crm/detail/text_sink.hpp"
#include "crm/error.hpp"

namespace crm::detail {

// A code from the future is a defect as far as this version can tell.
inline crm_result known_code(crm_result code) noexcept {
    return code >= CRM_OK && code <= CRM_NOT_FOUND ? code : CRM_INTERNAL;
}

// What a thunk answers for a crm::Error: never CRM_OK, whatever its thrower put in.
inline crm_result failure_code(crm_result code) noexcept {
    return code == CRM_OK ? CRM_INTERNAL : known_code(code);
}

// True when the other side's table is long enough for `member` and the member is set: CRM_HAS as a function.
template <class Table, class Member>
bool offers(const Table* table, Member Table::*member) noexcept {
    if (table == nullptr) return false;
    const char* const begin = reinterpret_cast<const char*>(table);
    const char* const at = reinterpret_cast<const char*>(&(table->*member));
    return table->struct_size >= static_cast<std::size_t>(at - begin) + sizeof(Member) &&
           table->*member != nullptr;
}

// Writes a result into the other side's sink; throws what the sink answered.
inline void emit(const crm_sink* sink, std::string_view text) {
    if (!offers(sink, &crm_sink::write)) throw Error(CRM_INVALID, "the caller gave no sink for the result");
    const crm_result code = sink->write(sink->ctx, text.data(), text.size());
    if (code != CRM_OK) throw Error(failure_code(code), "the receiver stopped taking the result");
}

// An error text is a courtesy: a caller without an error sink still gets the code.
inline void emit_error(const crm_sink* sink, std::string_view text) noexcept {
    if (offers(sink, &crm_sink::write)) sink->write(sink->ctx, text.data(), text.size());
}

// The one place where an exception stops. `work` does everything a thunk does.
template <class Work>
crm_result guard(const crm_sink* error, Work&& work) noexcept {
    try {
        std::forward<Work>(work)();
        return CRM_OK;
    } catch (const Error& failure) {
        emit_error(error, failure.what());
        return failure_code(failure.code());
    } catch (const std::bad_alloc&) {
        emit_error(error, "out of memory");
        return CRM_INTERNAL;
    } catch (const std::exception& failure) {
        emit_error(error, failure.what());
        return CRM_INTERNAL;
    } catch (...) {
        emit_error(error, "an exception of unknown type");
        return CRM_INTERNAL;
    }
}

[[noreturn]] inline void throw_failure(crm_result code, const char* what, const std::string& text) {
    throw Error(failure_code(code), text.empty() ? std::string(what) + " failed and gave no reason" : text);
}

// Calls the other side: call(error sink) answers a code; anything but CRM_OK is thrown with its text.
template <class Call>
void call(const char* what, Call&& other_side) {
    TextSink error(kMaxErrorText, TextSink::Overflow::kCut);
    const crm_result code = other_side(error.get());
    if (code != CRM_OK) throw_failure(code, what, error.text());
}

// The same for calls with a result: call(result sink, error sink).
template <class Call>
std::string call_for_text(const char* what, Call&& other_side) {
    TextSink result;
    TextSink error(kMaxErrorText, TextSink::Overflow::kCut);
    const crm_result code = other_side(result.get(), error.get());
    if (result.overflowed()) {
        throw Error(CRM_INVALID, std::string(what) + " answered more than " +
                                     std::to_string(kMaxText / (std::size_t{1024} * 1024)) + " MiB");
    }
    if (code != CRM_OK) throw_failure(code, what, error.text());
    return result.take();
}

}  // namespace crm::detail
