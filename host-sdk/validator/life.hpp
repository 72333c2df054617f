// An instance over a host that lacks something, or that answers nonsense: it may refuse with a text, or go
// on.
#pragma once

#include <cstddef>
#include <string>

#include "session.hpp"

namespace crm::validator {

// Create, describe, destroy. Throws Failure that names `what` about the host is wrong.
void refuse_or_work(Subject& subject, ProbeHost& host, const std::string& what);

// A whole life: create, the scenario's requests and rounds in slices of 5 ms, status, stop, destroy. Each
// call succeeds or says why not.
void live(Subject& subject, ProbeHost& host, const std::string& what);

// What a service answers instead of its own: this text, with CRM_OK.
ProbeHost::Answer answering(std::string text);
// Throws NotExercised when a service was never called.
void exercised(std::size_t calls, const char* service);

}  // namespace crm::validator
