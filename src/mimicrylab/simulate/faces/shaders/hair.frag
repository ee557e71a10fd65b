in vec3 v_position;
in vec3 v_tangent;
in vec3 v_side;
in vec2 v_look;
in float v_cover;
out vec4 colour;
uniform vec3 base;
uniform float shine;

float strand(vec3 t, vec3 l) { float c = dot(t, l); return sqrt(max(1.0 - c * c, 0.0)); }
float lobe(vec3 t, vec3 l, vec3 v, float power) {
    vec3 h = normalize(l + v);
    float c = dot(t, h);
    return pow(sqrt(max(1.0 - c * c, 0.0)), power);
}

void main() {
    vec3 t = normalize(v_tangent), v = normalize(eye - v_position);
    vec3 across = normalize(cross(t, v));
    vec3 n = normalize(cross(across, t));
    n = dot(n, v) < 0.0 ? -n : n;
    float shade = find_shadow(v_position, n);
    float deep = mix(0.35, 1.0, smoothstep(0.0, 0.55, v_side.z)) * v_look.y;
    vec3 albedo = base * (1.0 + 0.45 * v_look.x) * deep;
    vec3 light = key_colour * strand(t, key_direction) * (0.3 + 0.7 * shade) * 0.75
        + fill_colour * strand(t, fill_direction) * 0.6 + rim_colour * strand(t, rim_direction) + light_ambient(n);
    vec3 gloss = key_colour * (lobe(t, key_direction, v, 60.0) * 0.10 + lobe(t, key_direction, v, 14.0) * albedo * 0.9) * shade
        + rim_colour * lobe(t, rim_direction, v, 20.0) * 0.12 + fill_colour * lobe(t, fill_direction, v, 20.0) * albedo * 0.4;
    colour = vec4(develop(albedo * light + gloss * shine * deep), v_cover * (1.0 - 0.6 * smoothstep(0.7, 1.0, v_side.z)));
}
