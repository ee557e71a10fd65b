in vec3 v_position;
in vec3 v_normal;
in vec3 v_rest;
in vec4 v_masks;
in float v_open;
out vec4 colour;
uniform vec3 base;

void main() {
    float side = clamp(abs(v_rest.x), 0.0, 0.75);
    float neckline = 5.42 + 0.62 * side * side + 0.12 * clamp(0.3 - v_rest.z, 0.0, 1.0) + 0.1 * side;
    if (v_rest.y > neckline) discard;
    vec3 n = normalize(v_normal), v = normalize(eye - v_position);
    float weave = 0.94 + 0.06 * sin(v_rest.x * 420.0) * sin(v_rest.y * 420.0);
    float fold = 0.93 + 0.07 * sin(v_rest.x * 9.0 + 4.0 * v_rest.y + 2.0 * sin(v_rest.y * 5.0));
    fold *= 1.0 - 0.22 * smoothstep(0.035, 0.03, abs(neckline - 0.045 - v_rest.y) * 1.0) * step(0.0, 0.05 - abs(neckline - 0.045 - v_rest.y));
    float shade = find_shadow(v_position, n);
    vec3 light = key_colour * clamp((dot(n, key_direction) + 0.15) / 1.15, 0.0, 1.0) * shade
        + fill_colour * clamp((dot(n, fill_direction) + 0.15) / 1.15, 0.0, 1.0) + light_ambient(n) * v_open;
    float rimmed = pow(1.0 - max(dot(n, v), 0.0), 3.0);
    colour = vec4(develop(base * light * weave * fold + base * light_ambient(n) * rimmed * 0.5), 1.0);
}
